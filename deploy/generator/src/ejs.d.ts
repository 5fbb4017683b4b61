declare module 'ejs' {
  const ejs: {
    /** Fills in a template. @throws Error with the line when the template or a name is wrong */
    render(template: string, data: Readonly<Record<string, unknown>>, options?: { readonly filename?: string }): string;
  };
  export default ejs;
}
