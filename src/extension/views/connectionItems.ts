/** The tree "Connections", as data: pure. */
import type { Connection } from '../connectionProfile.ts';
import { addressOf } from '../connectionProfile.ts';
import type { SampleState } from '../sampleHolder.ts';

export interface ConnectionItem {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Plain text, one fact a line. */
  readonly tooltip: string;
  /** A codicon. */
  readonly icon: string;
  /** Read by package.json's view/item/context: "profile active", "sample open", … */
  readonly contextValue: string;
  readonly accessibleLabel: string;
}

const sampleStateText: Readonly<Record<SampleState, string>> = {
  absent: 'not prepared',
  prepared: 'not running',
  opening: 'starting',
  open: 'running',
};

export function connectionItems(
  connections: readonly Connection[],
  activeId: string | undefined,
  sampleState: SampleState,
): readonly ConnectionItem[] {
  return connections.map((connection) => {
    const active = connection.id === activeId;
    const facts = factsOf(connection, sampleState);
    const description = [...(active ? ['selected'] : []), ...facts].join(' · ');
    return {
      id: connection.id,
      label: connection.name,
      description,
      tooltip: [
        connection.name,
        addressOf(connection),
        ...facts,
        ...(active ? ['Queries are profiled here.'] : []),
      ].join('\n'),
      icon: active ? 'check' : connection.origin === 'sample' ? 'beaker' : 'database',
      contextValue: `${contextOf[connection.origin]} ${active ? 'active' : 'inactive'}`,
      accessibleLabel: `${connection.name}, ${description}`,
    };
  });
}

const contextOf: Readonly<Record<Connection['origin'], string>> = {
  settings: 'profile',
  environment: 'environment',
  sample: 'sample',
};

function factsOf(connection: Connection, sampleState: SampleState): string[] {
  if (connection.origin === 'sample') return [sampleStateText[sampleState]];
  return [connection.environment, ...(connection.readOnly ? ['read-only'] : []), connection.database];
}
