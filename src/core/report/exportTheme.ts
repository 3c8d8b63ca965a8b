/**
 * The colours of an exported report. In VS Code the theme gives them; a file in a browser has only these:
 * the values of Dark Modern and Light Modern, for those variables that webview/styles/ and the toolkit's button use.
 */

type Colours = Readonly<Record<string, string>>;

const dark: Colours = {
  foreground: '#cccccc',
  errorForeground: '#f85149',
  focusBorder: '#0078d4',
  'editor-background': '#1f1f1f',
  'editor-foreground': '#cccccc',
  'sideBar-background': '#181818',
  'panel-border': '#2b2b2b',
  'panelTitle-activeBorder': '#0078d4',
  'button-background': '#0078d4',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#026ec1',
  'button-border': '#ffffff12',
  'button-secondaryBackground': '#313131',
  'button-secondaryForeground': '#cccccc',
  'button-secondaryHoverBackground': '#3c3c3c',
  'textLink-foreground': '#4daafc',
  'progressBar-background': '#0078d4',
  'dropdown-background': '#313131',
  'dropdown-foreground': '#cccccc',
  'dropdown-border': '#3c3c3c',
  'input-background': '#313131',
  'input-foreground': '#cccccc',
  'input-border': '#3c3c3c',
  'editor-findMatchHighlightBackground': '#ea5c0055',
  'list-hoverBackground': '#2a2d2e',
  'list-activeSelectionBackground': '#04395e',
  'list-activeSelectionForeground': '#ffffff',
  'list-inactiveSelectionBackground': '#37373d',
  'list-errorForeground': '#f88070',
  'editorInfo-foreground': '#3794ff',
  'editorWarning-foreground': '#cca700',
  'charts-blue': '#3794ff',
  'charts-red': '#f14c4c',
  'debugTokenExpression-boolean': '#4e94ce',
  'debugTokenExpression-string': '#ce9178',
  'debugTokenExpression-number': '#b5cea8',
  'gitDecoration-addedResourceForeground': '#81b88b',
};

const light: Colours = {
  foreground: '#3b3b3b',
  errorForeground: '#f85149',
  focusBorder: '#005fb8',
  'editor-background': '#ffffff',
  'editor-foreground': '#3b3b3b',
  'sideBar-background': '#f8f8f8',
  'panel-border': '#e5e5e5',
  'panelTitle-activeBorder': '#005fb8',
  'button-background': '#005fb8',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#0258a8',
  'button-border': '#0000001a',
  'button-secondaryBackground': '#e5e5e5',
  'button-secondaryForeground': '#3b3b3b',
  'button-secondaryHoverBackground': '#cccccc',
  'textLink-foreground': '#005fb8',
  'progressBar-background': '#005fb8',
  'dropdown-background': '#ffffff',
  'dropdown-foreground': '#3b3b3b',
  'dropdown-border': '#cecece',
  'input-background': '#ffffff',
  'input-foreground': '#3b3b3b',
  'input-border': '#cecece',
  'editor-findMatchHighlightBackground': '#ea5c0055',
  'list-hoverBackground': '#f2f2f2',
  'list-activeSelectionBackground': '#e8e8e8',
  'list-activeSelectionForeground': '#000000',
  'list-inactiveSelectionBackground': '#e4e6f1',
  'list-errorForeground': '#b01011',
  'editorInfo-foreground': '#1a85ff',
  'editorWarning-foreground': '#bf8803',
  'charts-blue': '#1a85ff',
  'charts-red': '#e51400',
  'debugTokenExpression-boolean': '#0000ff',
  'debugTokenExpression-string': '#a31515',
  'debugTokenExpression-number': '#098658',
  'gitDecoration-addedResourceForeground': '#587c0c',
};

const fonts: Colours = {
  'font-family': '"Segoe WPC","Segoe UI",system-ui,-apple-system,Ubuntu,sans-serif',
  'font-size': '13px',
  'editor-font-family': 'ui-monospace,"Cascadia Code",Menlo,"DejaVu Sans Mono",monospace',
};

/** Style rules that stand in for the theme, light or dark as the reader's system says; paper is light. */
export const exportTheme =
  `:root{color-scheme:dark;${declarations({ ...fonts, ...dark })}}` +
  `@media print,(prefers-color-scheme:light){:root{color-scheme:light;${declarations(light)}}}`;

function declarations(colours: Colours): string {
  return Object.entries(colours)
    .map(([name, value]) => `--vscode-${name}:${value}`)
    .join(';');
}
