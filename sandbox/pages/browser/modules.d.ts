// The bundler takes styles that a file imports into the one sheet of all pages.
declare module '*.css';
