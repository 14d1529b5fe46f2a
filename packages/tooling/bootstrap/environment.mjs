/** The environment of this process. Tooling reads it here and hands on what a function needs. */
export const environment = process.env;
