/**
 * Built-in functions that pg_proc marks volatile and that change nothing: their value differs from call to call. No index
 * answers a condition on one, and a rollback has nothing to undo of them. https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
export const changingValueFunctions = [
  'random',
  'random_normal',
  'clock_timestamp',
  'timeofday',
  'gen_random_uuid',
  'uuidv4',
  'uuidv7',
  'currval',
  'lastval',
  'pg_sleep',
] as const;
