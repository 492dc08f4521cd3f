export { default as tactics } from '../../../../data/attack/tactics.csv?raw';
export { default as techniques } from '../../../../data/attack/techniques.csv?raw';
