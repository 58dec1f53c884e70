import './foyer-desk/index.ts';

export { FoyerDesk } from './foyer-desk/foyer-desk.ts';
