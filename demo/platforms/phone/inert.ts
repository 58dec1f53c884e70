/** Policy of all a simulator serves beside its pages: nothing of it runs, whatever somebody uploaded. */
export const inert = "default-src 'none'; sandbox";
