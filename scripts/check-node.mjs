// Plain JavaScript on purpose: it must run on whatever Node the machine has, and say what to do.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(
    `Foyer runs on Node 24; this is ${process.version}. Run "npm ci" without --ignore-scripts: it brings Node 24 for npm's own commands (npm start, npm test).\n`,
  );
  process.exit(1);
}
