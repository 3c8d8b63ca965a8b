/** The queries of the guide that the sample database is about, as an application would send them. */

/** Step 1.4: the dashboard's slow query. */
export const slowDeploymentsSql = `SELECT
    m.model_name,
    mv.semver,
    d.status,
    d.deployed_at,
    e.environment_name
FROM deployments d
INNER JOIN model_versions mv ON d.version_id = mv.version_id
INNER JOIN models m ON mv.model_id = m.model_id
INNER JOIN environments e ON d.environment_id = e.environment_id
WHERE d.deployed_at > NOW() - INTERVAL '30 days'
  AND d.status = 'healthy'
ORDER BY d.deployed_at DESC
LIMIT 50`;

/** Step 1.3, second place of the ranking. */
export const succeededRunsSql = `SELECT COUNT(*) FROM training_runs WHERE status = 'succeeded'`;

/** Step 1.3, third place of the ranking. */
export const versionsPerModelSql = `SELECT m.model_name, COUNT(mv.version_id) FROM models m
INNER JOIN model_versions mv ON m.model_id = mv.model_id
WHERE m.is_active AND m.team_id = 7
GROUP BY m.model_id, m.model_name`;

/** Step 3.1. */
export const recentRunsPerModelSql = `SELECT
    m.model_name,
    COUNT(tr.run_id) AS run_count
FROM models m
INNER JOIN model_versions mv ON m.model_id = mv.model_id
INNER JOIN training_runs tr ON mv.version_id = tr.version_id
WHERE tr.status = 'succeeded'
  AND tr.started_at > NOW() - INTERVAL '7 days'
GROUP BY m.model_id, m.model_name`;

/** Step 3.4, the aggregate that every model's page shows. */
export const deploymentCountsSql = `SELECT
    mv.model_id,
    d.environment_id,
    COUNT(d.deployment_id) AS deployment_count
FROM deployments d
JOIN model_versions mv ON d.version_id = mv.version_id
GROUP BY mv.model_id, d.environment_id`;

/** Step 2.2, what index 6 (GIN) is for. */
export const hyperparametersSql = `SELECT run_id, version_id, started_at FROM training_runs WHERE hyperparameters @> '{"lr": 0.001, "optimizer": "lamb"}' AND status = 'failed'`;

/** Step 2.2, what index 9 is for. */
export const versionMetricsSql = `SELECT metric_value, recorded_at FROM model_metrics
WHERE version_id = 31007 AND metric_name = 'accuracy' AND dataset_split = 'val'
ORDER BY recorded_at DESC`;

/**
 * What fills pg_stat_statements at each start. Together the queries read every block of every table, so that
 * damaged data is found here and not by the user. The calls keep the guide's order of the ranking, at about a second.
 */
export const workload: readonly { readonly sql: string; readonly calls: number }[] = [
  { sql: slowDeploymentsSql, calls: 5 },
  { sql: succeededRunsSql, calls: 2 },
  { sql: versionsPerModelSql, calls: 6 },
  { sql: recentRunsPerModelSql, calls: 1 },
  { sql: deploymentCountsSql, calls: 1 },
  { sql: hyperparametersSql, calls: 1 },
  { sql: versionMetricsSql, calls: 1 },
];
