/** `top`: the ranking of pg_stat_statements. */
import type { Cancel } from '../core/cancel.ts';
import { userErrors } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { reportServer } from '../core/profiler.ts';
import { renderRankingMarkdown, renderRankingText } from '../core/report/renderRanking.ts';
import { buildRanking } from '../core/statements/buildRanking.ts';
import { visibleJson } from '../core/report/visibleText.ts';
import type { RankingReport } from '../shared/report.ts';
import type { TopInvocation } from './args.ts';
import { createProgress, note } from './diagnostics.ts';
import { withChosenServer } from './openChosenServer.ts';
import { checkOutput, textOptions, writeOutput } from './output.ts';

/** @throws UserError */
export async function runTop(invocation: TopInvocation, log: Log, cancel: Cancel): Promise<void> {
  await checkOutput(invocation.output);
  const progress = createProgress();
  const text = await withChosenServer(
    invocation,
    { log, cancel, onProgress: progress.report },
    async (server) => {
      const reading = await server.statements(invocation.by, invocation.limit, cancel);
      if (reading.state !== 'ok') throw userErrors.notPermitted(reading.message, reading.remedy);
      if (reading.hiddenTexts > 0) {
        note(
          `${reading.hiddenTexts} statements of other roles are counted but hidden; pg_read_all_stats shows them.`,
        );
      }
      return render(buildRanking(reportServer(server), reading), invocation);
    },
  ).finally(progress.end);
  await writeOutput(text, invocation.output);
}

function render(ranking: RankingReport, { format, color, output }: TopInvocation): string {
  if (format === 'json') return visibleJson(ranking);
  if (format === 'markdown') return renderRankingMarkdown(ranking);
  return renderRankingText(ranking, textOptions(color, output !== undefined));
}
