/** The part of sax that parseXml.ts uses. The types of npm (@types/sax) would bring all of Node's into core. */
declare module 'sax' {
  interface Parser {
    write(text: string): Parser;
    /** Goes on after an error; to be called by the handler of it. */
    resume(): Parser;
  }

  const sax: { parser(strict: boolean, options: { readonly position: false }): Parser };
  export = sax;
}
