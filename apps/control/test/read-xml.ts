/** Elements, attributes and text, as much XML as control writes; anything that is not well-formed throws. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly children: XmlElement[];
  text: string;
}

const token = /<(\/?)([a-z][a-z0-9-]*)((?: xmlns(?::[a-z]+)?="[^"<&]*")*)>|[^<]+/g;

export function readXml(document: string): XmlElement {
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
  const root = element("", "");
  const open = [root];
  let at = 0;
  for (const match of body.matchAll(token)) {
    if (match.index !== at) throw new Error(`not well-formed at ${at}: ${body.slice(at, at + 40)}`);
    at += match[0].length;
    take(match, open);
  }
  const [only] = root.children;
  if (at !== body.length || open.length !== 1 || only === undefined) throw new Error("not one whole element");
  return only;
}

function take([whole, slash, name, attributes = ""]: RegExpMatchArray, open: XmlElement[]): void {
  const parent = open.at(-1);
  if (parent === undefined) throw new Error(`${whole} stands outside of everything`);
  if (name === undefined) parent.text += unescaped(whole);
  else if (slash === "/") {
    if (open.pop()?.name !== name) throw new Error(`${name} ends what it did not begin`);
  } else {
    const child = element(name, / xmlns="([^"]*)"/.exec(attributes)?.[1] ?? parent.namespace);
    parent.children.push(child);
    open.push(child);
  }
}

function element(name: string, namespace: string): XmlElement {
  return { name, namespace, children: [], text: "" };
}

function unescaped(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const character = names[name];
    if (character === undefined || !whole.endsWith(";")) throw new Error(`unknown entity ${whole}`);
    return character;
  });
}
