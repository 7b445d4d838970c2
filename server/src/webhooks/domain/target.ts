import { invalid } from '../../problems/domain-error.js';

/**
 * The address of a webhook as it is called: https, or http where private addresses are allowed, without credentials.
 * Where it leads is judged at each delivery.
 * @throws DomainError 400 `invalid_request`
 */
export function webhookTarget(text: string, allowPrivate: boolean): string {
  const refuse = (message: string): never => {
    throw invalid(`The URL of the webhook ${message}.`, [{ pointer: '/url', message }]);
  };
  if (!URL.canParse(text)) return refuse('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    return refuse('must use https');
  if (url.username !== '' || url.password !== '') return refuse('must not hold credentials');
  url.hash = '';
  return url.href;
}
