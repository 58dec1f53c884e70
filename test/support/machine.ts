/** Runs once before all tests: says in one line what the machine lacks, before anything fails obscurely. */
export function setup(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 24) throw new Error(`Tests need Node 24; this is ${process.version}. Run "npm ci", then "npm test".`);
}
