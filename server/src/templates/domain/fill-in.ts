type Values = Readonly<Record<string, unknown>>;

/** A run as it is asked for; these parts are filled in key by key. */
interface Presettable {
  readonly metadata?: Values | null;
  readonly parameters?: Values | null;
  readonly budget?: object | null;
}

/**
 * The run that was asked for, with the preset's values where it says nothing. `null` says something: that there is
 * to be none. Metadata, parameters and budget are filled in key by key.
 */
export function fillIn<Asked extends Presettable>(asked: Asked, preset: Presettable): Asked {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const mixed = (['metadata', 'parameters', 'budget'] as const).flatMap((key) => {
    const [own, standard] = [asked[key], preset[key]];
    return own && standard ? [[key, { ...standard, ...own }] as const] : [];
  });
  return { ...preset, ...given, ...Object.fromEntries(mixed) } as Asked;
}
