/** Payload and context of an event that is raised, as JSON: as much as a sender may deliver. */
export const maxRaisedBytes = 1024 * 1024;
