/** Plans out of files and texts, read by a thread that ends with its job. */
import { Worker } from 'node:worker_threads';
import type { Cancel } from '../../core/cancel.ts';
import { UserError, userErrors } from '../../core/errors.ts';
import type { PlanAnswer, PlanJob } from './planJob.ts';

export type PlanResult = Exclude<PlanAnswer, { readonly kind: 'progress' | 'failed' }>;

export interface PlanReader {
  /** @throws UserError; "cancelled" ends the thread */
  read(job: PlanJob, cancel: Cancel, onProgress: (share: number) => void): Promise<PlanResult>;
}

/** `script`: dist/planReader.js. */
export function createPlanReader(script: string): PlanReader {
  return {
    read: (job, cancel, onProgress) =>
      new Promise((resolve, reject) => {
        const thread = new Worker(script, { workerData: job });
        const unsubscribe = cancel.onRequested(() => settle(() => reject(userErrors.cancelled())));
        const settle = (tell: () => void) => {
          unsubscribe();
          void thread.terminate();
          tell();
        };
        thread.on('message', (answer: PlanAnswer) => {
          if (answer.kind === 'progress') onProgress(answer.bytes / answer.totalBytes);
          else if (answer.kind === 'failed') settle(() => reject(errorOf(answer, job)));
          else settle(() => resolve(answer));
        });
        thread.on('error', (error) => settle(() => reject(error)));
        thread.on('exit', () => settle(() => reject(userErrors.unexpected(new Error('the thread ended')))));
      }),
  };
}

function errorOf({ code, message, remedy }: Extract<PlanAnswer, { kind: 'failed' }>, job: PlanJob): Error {
  // What is no error of ours comes from the file system.
  return code === undefined
    ? userErrors.cannotRead(job.name, message)
    : new UserError(code, 'usage', message, remedy);
}
