/** A plan out of a page's source: "-&gt;  Seq Scan", "&lt;Plan&gt;", line ends as tags. */

export function withoutHtml(text: string): string {
  if (!text.includes('&') || !isHtml(text)) return text;
  return text
    .replaceAll(/<(?:br|\/tr|\/p|\/div|\/li)\b[^<>]*>\n?/gi, '\n')
    .replaceAll(/<\/?(?:table|thead|tbody|tr|t[dh]|pre|code|span|div|p|li|ol|ul|html|body)\b[^<>]*>/gi, '')
    .replaceAll(/&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,6}|#x[\da-f]{1,5});/gi, characterOf);
}

/** Plans hold such words in literals too, and XML holds some by right: what makes the structure tells. */
function isHtml(text: string): boolean {
  if (/<(?:explain|Plan|Node-Type)\b|Node Type"?: "/.test(text)) return false;
  const withoutLiterals = text.replaceAll(/'[^'\n]*'/g, '');
  if (structure.test(withoutLiterals)) return !/^[^\p{L}\n]*->/mu.test(text);
  // A condition of a plan without any arrow.
  return !/[<>]/.test(text) && / &[lg]t;=? /.test(withoutLiterals);
}

/** An arrow, a key of JSON's, a value of YAML's, a tag. */
const structure =
  /-&gt;(?:&nbsp;| )|&quot;Plan&quot;|Node(?:&nbsp;| )Type:(?:&nbsp;| )&quot;|&lt;(?:explain|Plan|Node-Type)\b/;

const named: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': ' ',
};

function characterOf(entity: string): string {
  const known = named[entity.toLowerCase()];
  if (known !== undefined) return known;
  const isHex = /^&#x/i.test(entity);
  const code = Number.parseInt(entity.slice(isHex ? 3 : 2, -1), isHex ? 16 : 10);
  return code === noBreakSpace ? ' ' : String.fromCodePoint(code);
}

const noBreakSpace = 160;
