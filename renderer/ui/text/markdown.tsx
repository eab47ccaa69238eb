import { Lexer, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import classes from './markdown.module.css';

/**
 * Plain Markdown as elements. Nothing is inserted as HTML: tags in the text are shown as they were typed, images are left
 * to their description, and links go to web addresses alone.
 */
export function Markdown({ text }: { text: string }) {
  return <div className={classes.markdown}>{blocks(Lexer.lex(text, { gfm: true, breaks: true }))}</div>;
}

const isType = <T extends Token>(token: Token, type: T['type']): token is T => token.type === type;

const blocks = (tokens: readonly Token[]): ReactNode[] => keyed(tokens, block);
const spans = (tokens: readonly Token[] | undefined): ReactNode[] => keyed(tokens ?? [], span);

function keyed(tokens: readonly Token[], render: (token: Token) => ReactNode): ReactNode[] {
  let at = 0;
  return tokens.map((token) => {
    const key = `${at} ${token.type}`;
    at += token.raw.length;
    return <Fragment key={key}>{render(token)}</Fragment>;
  });
}

function block(token: Token): ReactNode {
  if (isType<Tokens.Space>(token, 'space') || isType<Tokens.Def>(token, 'def')) return null;
  if (isType<Tokens.Heading>(token, 'heading')) return <p className={classes.heading}>{spans(token.tokens)}</p>;
  if (isType<Tokens.Paragraph>(token, 'paragraph')) return <p>{spans(token.tokens)}</p>;
  if (isType<Tokens.Blockquote>(token, 'blockquote')) return <blockquote>{blocks(token.tokens)}</blockquote>;
  if (isType<Tokens.Code>(token, 'code')) return <pre>{token.text}</pre>;
  if (isType<Tokens.Hr>(token, 'hr')) return <hr />;
  if (isType<Tokens.List>(token, 'list')) {
    const items = keyed(token.items, (item) => <li>{blocks((item as Tokens.ListItem).tokens)}</li>);
    return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
  }
  if (isType<Tokens.Text>(token, 'text')) return token.tokens === undefined ? token.text : spans(token.tokens);
  return <p>{token.raw}</p>;
}

function span(token: Token): ReactNode {
  if (isType<Tokens.Strong>(token, 'strong')) return <strong>{spans(token.tokens)}</strong>;
  if (isType<Tokens.Em>(token, 'em')) return <em>{spans(token.tokens)}</em>;
  if (isType<Tokens.Del>(token, 'del')) return <del>{spans(token.tokens)}</del>;
  if (isType<Tokens.Codespan>(token, 'codespan')) return <code>{token.text}</code>;
  if (isType<Tokens.Br>(token, 'br')) return <br />;
  if (isType<Tokens.Escape>(token, 'escape')) return token.text;
  if (isType<Tokens.Image>(token, 'image')) return token.text;
  if (isType<Tokens.Link>(token, 'link')) {
    if (!/^(?:https?:|mailto:|#\/)/i.test(token.href)) return token.raw;
    return (
      <a href={token.href} {...(token.href.startsWith('#') ? {} : { target: '_blank', rel: 'noreferrer' })}>
        {spans(token.tokens)}
      </a>
    );
  }
  if (isType<Tokens.Text>(token, 'text')) return token.tokens === undefined ? token.text : spans(token.tokens);
  return token.raw;
}
