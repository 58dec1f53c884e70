import './foyer-console/index.ts';

export { FoyerConsole } from './foyer-console/foyer-console.ts';
