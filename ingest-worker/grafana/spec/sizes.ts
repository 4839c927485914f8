/** Of the grid's width. */
export const half = { width: 12 };
export const full = { width: 24 };

/** Of the grid's height. */
export const chart = { height: 8 };
export const table = { kind: "table", height: 8 } as const;
