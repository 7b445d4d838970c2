import { XMLParser } from 'fast-xml-parser';
import { SyntaxValidator } from 'fast-xml-validator';
import { withinTime } from '../content/within-time.js';
import { isRecord } from './json.js';
import { MalformedReport } from './report.js';

const ATTRIBUTES = '@';
const MAX_DEPTH = 100;
const PARSE_MS = 10_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributesGroupName: ATTRIBUTES,
  attributeNamePrefix: '',
  parseTagValue: false,
  removeNSPrefix: true,
  // Only attributes and elements are counted: no text needs its entities, and none can be made to grow.
  processEntities: false,
  maxNestedTags: MAX_DEPTH,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/** An element of a parsed document; read it with {@link childrenOf} and {@link attributeOf}. */
export type XmlElement = Readonly<Record<string, unknown>>;

/**
 * Parses an XML document and returns a parent of its root element.
 * @throws MalformedReport where it is not well-formed, declares entities, nests more than 100 deep, or takes
 *   longer than ten seconds
 */
export function parseXml(text: string): XmlElement {
  if (/<!ENTITY/i.test(text)) throw new MalformedReport('it declares XML entities, which are refused');
  // Test output often carries the colours of a terminal, which XML forbids; they hold no figures.
  const clean = text.replace(/[^\P{Cc}\t\n\r]/gu, '').trimStart();
  const parsed = withinTime(PARSE_MS, () => parseWellFormed(clean));
  if (parsed.kind === 'timed_out') throw new MalformedReport('it takes too long to parse');
  if (!isRecord(parsed.value)) throw new MalformedReport('it is not an XML document');
  return parsed.value;
}

function parseWellFormed(text: string): unknown {
  try {
    // The parser itself is lenient: a report cut off in the middle would silently count fewer tests.
    SyntaxValidator.validate(text);
    const document: unknown = parser.parse(text);
    return document;
  } catch (error) {
    // Both throw plain errors for everything that they refuse; their messages repeat the content.
    if (error instanceof Error) throw new MalformedReport('it is not well-formed XML, or nests too deep');
    throw error;
  }
}

/** The child elements of a name, in order. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  const children = Object.hasOwn(element, name) ? element[name] : undefined;
  if (!Array.isArray(children)) return [];
  return children.map((child: unknown) => (isRecord(child) ? child : {}));
}

export function attributeOf(element: XmlElement, name: string): string | null {
  const attributes = element[ATTRIBUTES];
  const value = isRecord(attributes) ? attributes[name] : undefined;
  return typeof value === 'string' ? value : null;
}

/** A number of an attribute, 0 or more; null where it is absent, negative or no number. */
export function numberOf(element: XmlElement, name: string): number | null {
  // Some writers put separators between thousands: 1,234.5
  const text = attributeOf(element, name)?.replaceAll(',', '').trim();
  if (text === undefined || !/^\d+(\.\d*)?(e[+-]?\d+)?$|^\.\d+$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
