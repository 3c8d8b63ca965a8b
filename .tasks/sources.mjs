// Loads a TypeScript module of the project into a task. tsx is there only once dependencies are installed.
export async function load(file) {
  const { tsImport } = await import('tsx/esm/api');
  return tsImport(`../${file}`, import.meta.url);
}
