/** What an assignment has that is not held. */
export const noHold = { hold: null, holdUntil: null, heldAt: null, holdNote: null, holdOwnerId: null } as const;
