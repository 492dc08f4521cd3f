// The names of the wire that the screens use. schema.ts is generated from api/openapi.yaml (`npm run types`).

import type { components } from './schema';

type Schemas = components['schemas'];

export type Problem = Schemas['Problem'];
export type Severity = Schemas['SeverityName'];
export type Verdict = Schemas['VerdictName'];
export type Entity = Schemas['Entity'];
export type Ioc = Schemas['Ioc'];
export type Reason = Schemas['Reason'];
export type Sentence = Schemas['Sentence'];
export type AlertItem = Schemas['AlertItem'];
export type Alert = Schemas['Alert'];
export type AlertChange = Schemas['AlertChange'];
export type Occurrence = Schemas['Occurrence'];
export type IncidentItem = Schemas['IncidentSummary'];
export type Incident = Schemas['Incident'];
export type IncidentChange = Schemas['IncidentChange'];
export type TimelineEntry = Schemas['Timeline']['items'][number];
export type Timeline = Schemas['Timeline'];
export type EntityGraph = Schemas['EntityGraph'];
export type SimilarIncidents = Schemas['SimilarIncidents'];
export type Playbook = Schemas['Playbook'];
export type StepCommand = Schemas['StepCommand'];
export type Simulation = Schemas['Simulation'];
export type SimulationReply = Schemas['SimulationReply'];
export type Checklist = Schemas['Checklist'];
export type Queries = Schemas['Queries'];
export type Tlp = Schemas['TlpName'];
export type Analysis = Schemas['AgentAnalysis'];
export type ResponsePlan = Schemas['ResponsePlan'];
export type ResponseAction = Schemas['Action'];
export type ActionRecord = Schemas['ActionRecord'];
export type Note = Schemas['Note'];
export type NoteRevision = Schemas['NoteRevision'];
export type Source = Schemas['Source'];
export type SourceTrust = Schemas['SourceTrust'];
export type QueryLanguage = Schemas['QueryLanguage'];
export type QueryField = Schemas['QueryField'];
export type QueryMeaning = Schemas['QueryMeaning'];
export type View = Schemas['View'];
export type ViewInput = Schemas['ViewInput'];
export type BulkChange = Schemas['BulkChange'];
export type BulkIncidentChange = Schemas['BulkIncidentChange'];
export type BulkResult = Schemas['BulkResult'];
export type Fact = Schemas['Fact'];
export type Asset = Schemas['Asset'];
export type AssetInput = Schemas['AssetInput'];
export type User = Schemas['User'];
export type UserInput = Schemas['UserInput'];
export type IntelList = Schemas['IntelList'];
export type IntelEntry = Schemas['IntelEntry'];
export type WarningList = Schemas['WarningList'];
export type Stats = Schemas['Stats'];
export type DeadLetter = Schemas['DeadLetter'];
export type Job = Schemas['Job'];
export type AuditRecord = Schemas['AuditRecord'];
export type AuditReport = Schemas['AuditReport'];
export type AuditHeads = Schemas['AuditHeads'];
export type AuditActions = Schemas['AuditActions'];
export type Grant = Schemas['Grant'];
export type Scope = Schemas['Scope'];
export type Person = Schemas['Person'];
export type PersonInput = Schemas['PersonInput'];
export type PersonChange = Schemas['PersonChange'];
export type NewPerson = Schemas['NewPerson'];
export type ApiKey = Schemas['ApiKey'];
export type ApiKeyInput = Schemas['ApiKeyInput'];
export type NewApiKey = Schemas['NewApiKey'];
export type Tenant = Schemas['Tenant'];
export type TenantInput = Schemas['TenantInput'];
export type TenantChange = Schemas['TenantChange'];
export type RoleName = Schemas['RoleName'];
export type RoleTable = Schemas['RoleTable'];
export type SessionRow = Schemas['SessionRow'];
export type SecondFactorOffer = Schemas['SecondFactorOffer'];
export type RecoveryCodes = Schemas['RecoveryCodes'];
export type IngestReply = Schemas['IngestReply'];
export type RebuildReport = Schemas['RebuildReport'];
export type Suppression = Schemas['Suppression'];
export type SuppressionPreview = Schemas['SuppressionPreview'];
export type Rule = Schemas['Rule'];
export type RuleDetail = Schemas['RuleDetail'];
export type RuleLevel = Schemas['RuleLevel'];
export type RulePage = Schemas['RulePage'];
export type RuleException = Schemas['RuleException'];
export type RuleTrial = Schemas['RuleTrial'];
export type EventDetail = Schemas['EventDetail'];
export type RuleState = Schemas['RuleState'];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  total: number | '10000+';
  as_of?: string; // of alerts and incidents: the server's time before it read the page
}

export type Kind = 'incidents' | 'alerts';
export type Item = AlertItem | IncidentItem;

export function isAlert(item: Item): item is AlertItem {
  return 'source' in item;
}

export function kindOf(id: string): Kind | null {
  if (id.startsWith('IN-')) return 'incidents';
  return id.startsWith('AL-') ? 'alerts' : null;
}

// "AL-01JB2ZK8M5X8Q0V1T9T3Y6N4RC" → "AL-Y6N4RC": enough to tell two on one screen; the whole id is in the title
// and in what is copied.
export function shortId(id: string): string {
  const [prefix, rest] = id.split('-', 2);
  return rest && rest.length > 8 ? `${prefix}-${rest.slice(-6)}` : id;
}
