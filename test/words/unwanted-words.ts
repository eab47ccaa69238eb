/** Unwanted words, each with its replacement; docs/ui.md has the vocabulary. */
const unwanted: readonly (readonly [RegExp, string])[] = [
  [/\bthat is all\b|\boldest is reached\b|\bfirst event there is\b/i, 'End of list, Start of history'],
  [/\bnothing waits\b/i, 'Inbox zero'],
  [/\bleave (?:it|the (?:note|selection|detail))$/i, 'Cancel, Close'],
  [/\bended alike\b/i, 'similar runs'],
  [/^came\b|\bcame to\b/i, 'Received, Result'],
  [/\bto come\b/i, 'scheduled'],
  [/\bwrote nothing\b|\ball of it\b/i, 'No output, Full output'],
  [/\b(?:is|are) like that\b|\bis called that\b/i, 'No matching …, No results'],
  [/\bno proof\b|\bproof asked\b/i, 'Not verified'],
  [/\bstands? alone\b/i, 'No related events'],
  [/\bsay what\b|\bsay how\b(?! long a run took)/i, 'Describe, Set'],
  [/\bhas to fit\b|\bfits? (?:the|a|an|all|any|none)\b/i, 'matches'],
  [/\bruns beside\b|\bat the same time\b/i, 'runs asynchronously, Max concurrent …'],
  [/\bmay be true\b/i, 'must be false'],
  [/\b0 of the last 0\b/i, 'No events to test yet'],
  [/\bswitch(?:ed|es)? (?:it |them |that )?(?:on|off)\b/i, 'Enable, Disable, turn on, turn off'],
  [/\b(?:some|no|any|every)(?:body| one)\b|\bnobody\b/i, 'name the role, or use the passive'],
  [/\bwho (?:sends|asks)\b/i, 'the sender'],
  [/\bdoors?\b/i, 'Request handling'],
  [/\blike the system\b|\bof this window alone\b/i, 'System, Applies to this window'],
  [/\bcut short\b/i, 'interrupted'],
  [/\bby (?:itself|themselves)\b/i, 'automatically'],
  [/\bpage broke\b|\bbroke off\b/i, 'Something went wrong'],
  [/\bkept nowhere\b|\bnowhere\b/i, 'never stored'],
  [/\b(?:hand|hands|handed) (?:to|over|on)\b/i, 'sent to, passed to'],
  [/\bas it stands\b|\bstands in place\b|\bwhat stands\b/i, 'name the thing'],
  [/\bunfold/i, 'Expand'],
  [/\bmay stay empty\b/i, 'optional'],
  [/\b(?:looked|looks) (?:at|through)\b/i, 'reads, checks, searches'],
  [/\bonce more\b|\bnot again\b|\bstarted again\b/i, 'again, restarted'],
  [/\bat once\b/i, 'immediately, together'],
  [/\bwhatever\b/i, 'any, or name the cases'],
  [/\bof (?:its|their) own\b/i, 'its own …, dedicated'],
  [/\b(?<!there )is no [a-z]+(?: [a-z]+)?[.:]?$/i, 'is not a …'],
  [/\bput away\b|\btaken out of\b|\btook out\b/i, 'archived, removed from'],
  [/\bcalled off\b/i, 'canceled'],
  [/\brun out\b|\bran out\b/i, 'expire'],
  [/\bturned down\b/i, 'declined, rejected'],
  [/\b(?:is|are) to be\b/i, 'must be, will be'],
  [/\bthere is a new\b|\bhas another (?:name|owner|value|status|place)\b/i, '… created, renamed, changed'],
  [/\ba person\b|\bpeople\b/i, 'an operator, a user'],
  [
    /\b(?:catalogue|organisation|colour|behaviour|cancelled|licence|neighbour|recognise|normalised)s?\b/i,
    'US spelling',
  ],
];

/** The unwanted words of a text, with their replacements. */
export const findUnwanted = (text: string): string[] =>
  unwanted.flatMap(([pattern, instead]) => {
    const hit = pattern.exec(text)?.[0];
    return hit === undefined ? [] : [`“${hit}” in “${text}”: ${instead}`];
  });
