// The proofs that a source's webhooks may have to give, in words.
import type { SourceTrust } from '@/shared/api/wire';

export type TrustKind = 'standard' | 'slack' | 'github';

// Those whose secret the server makes; tokens are set by the API.
export const kinds: readonly { name: TrustKind; word: string }[] = [
  { name: 'standard', word: 'Standard Webhooks signature' },
  { name: 'slack', word: 'Slack signature' },
  { name: 'github', word: 'GitHub signature' },
];

export const canBeMade = (kind: SourceTrust['kind']): kind is TrustKind =>
  kinds.some(({ name }) => name === kind);

export function kindWord(trust: SourceTrust): string {
  if (trust.kind === 'none') return 'none: whatever comes is taken';
  const word =
    kinds.find(({ name }) => name === trust.kind)?.word ??
    (trust.kind === 'path-token' ? 'token in the path' : `token in ${trust.token_header ?? 'a header'}`);
  return trust.usable ? word : `${word}, but no key opens its secret: nothing is accepted`;
}
