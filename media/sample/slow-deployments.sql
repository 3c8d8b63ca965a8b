SELECT
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
LIMIT 50;
