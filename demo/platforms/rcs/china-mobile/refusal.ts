import { type ApiAnswer, ApiRefusal } from '../../phone/api.ts';
import { commonSpace, documentOf, escaped } from './xml.ts';

const type = { 'content-type': 'application/xml; charset=UTF-8' };

/** Refuse as OMA's RESTful APIs do. Source: OMA REST NetAPI Common, RequestError. */
export function refused(
  status: number,
  kind: 'policyException' | 'serviceException',
  exceptionId: string,
  text: string,
  variable = '',
): ApiAnswer {
  const variables = variable === '' ? '' : `<variables>${escaped(variable)}</variables>`;
  const inner = `<${kind}><exceptionId>${exceptionId}</exceptionId><text>${escaped(text)}</text>${variables}</${kind}>`;
  return { status, headers: type, body: documentOf('common:requestError', commonSpace, inner) };
}

export function answered(status: number, body: string): ApiAnswer {
  return { status, headers: type, body };
}

/** @throws ApiRefusal always: something in the request is wrong. */
export function invalid(part: string): never {
  throw new ApiRefusal(refused(400, 'serviceException', 'SVC0002', 'Invalid input value for message part %1', part));
}

export const unauthorized: ApiAnswer = refused(
  401,
  'policyException',
  'POL0001',
  'A policy error occurred. Error code is %1',
  'Authorization',
);
