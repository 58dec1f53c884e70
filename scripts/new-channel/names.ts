/** What a channel type is called in code: `my-app` is the type, `myApp` its adapter, `MyApp` begins its types. */
export interface ChannelNames {
  type: string;
  constant: string;
  pascal: string;
  title: string;
}

/** Folders of `adapters/` that are no channel, and files that a folder would stand for. */
const taken = new Set(['contract', 'kit', 'index', 'example']);

/** Words that cannot name a constant in a module. */
const reserved = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends
  false finally for function if implements import in instanceof interface let new null package private protected
  public return static super switch this throw true try typeof var void while with yield`.split(/\s+/),
);

/** Names of a new channel type. Throws in words for people when it cannot be called so. */
export function namesOf(type: string | undefined): ChannelNames {
  if (type === undefined || type === '') throw new Error('Say what it is called: npm run new:channel NAME');
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(type)) {
    throw new Error(
      `"${type}" cannot be a channel type: a small letter, then small letters, digits and "-", at most 40.`,
    );
  }
  if (taken.has(type)) throw new Error(`"${type}" is the name of something else in adapters/: choose another.`);
  const words = type.split('-').filter((word) => word !== '');
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  const pascal = words.map(capital).join('');
  const constant = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return {
    type,
    constant: reserved.has(constant) ? `${constant}Channel` : constant,
    pascal,
    title: words.map(capital).join(' '),
  };
}
