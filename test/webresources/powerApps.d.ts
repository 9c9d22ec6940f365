declare module '@microsoft/eslint-plugin-power-apps' {
  const plugin: { readonly rules: Readonly<Record<string, unknown>> };
  export default plugin;
}
