/** How clients address the sample. PGlite knows no other user and opens one database. */
export const sampleDatabaseName = 'ml_registry';
export const sampleUser = 'postgres';
