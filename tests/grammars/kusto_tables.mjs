// The columns of the tables that our KQL reads, as Microsoft documents them (Azure Monitor table reference, Defender
// XDR advanced hunting schema); only the columns that somebody may want are listed. Microsoft's parser checks every
// query against them, so that a misspelt column fails here and not in front of an analyst.
const azure = 'TenantId: string, TimeGenerated: datetime, Type: string, SourceSystem: string, _ResourceId: string';
const device =
  'Timestamp: datetime, DeviceId: string, DeviceName: string, ReportId: long, ActionType: string, AdditionalFields: dynamic';
const initiating =
  'InitiatingProcessFileName: string, InitiatingProcessFolderPath: string, InitiatingProcessCommandLine: string, InitiatingProcessSHA1: string, InitiatingProcessSHA256: string, InitiatingProcessMD5: string, InitiatingProcessAccountName: string, InitiatingProcessAccountDomain: string, InitiatingProcessAccountUpn: string, InitiatingProcessId: long, InitiatingProcessParentFileName: string, InitiatingProcessCreationTime: datetime';

const signins =
  'UserPrincipalName: string, UserDisplayName: string, UserId: string, IPAddress: string, Location: string, AppDisplayName: string, AppId: string, ClientAppUsed: string, ResultType: string, ResultDescription: string, UserAgent: string, AuthenticationRequirement: string, AuthenticationDetails: string, ConditionalAccessStatus: string, CorrelationId: string, RiskLevelDuringSignIn: string, AutonomousSystemNumber: string, UniqueTokenIdentifier: string, ResourceDisplayName: string';

export const tables = {
  SigninLogs: `${azure}, ${signins}, DeviceDetail: dynamic, LocationDetails: dynamic, Status: dynamic, MfaDetail: dynamic`,
  AADNonInteractiveUserSignInLogs: `${azure}, ${signins}, DeviceDetail: string, LocationDetails: string, Status: string`,
  AuditLogs: `${azure}, OperationName: string, Category: string, Result: string, ResultReason: string, InitiatedBy: dynamic, TargetResources: dynamic, AdditionalDetails: dynamic, AADOperationType: string, CorrelationId: string, Identity: string, LoggedByService: string`,
  SecurityEvent: `${azure}, Computer: string, EventID: int, Activity: string, Account: string, AccountType: string, TargetUserName: string, TargetDomainName: string, TargetAccount: string, TargetLogonId: string, SubjectUserName: string, SubjectDomainName: string, SubjectAccount: string, IpAddress: string, IpPort: string, WorkstationName: string, LogonType: int, LogonTypeName: string, AuthenticationPackageName: string, LogonProcessName: string, Process: string, ProcessName: string, NewProcessName: string, CommandLine: string, ParentProcessName: string, ServiceName: string, ServiceFileName: string, ShareName: string, RelativeTargetName: string, ObjectName: string, ObjectType: string, MemberName: string, MemberSid: string, EventData: string, PrivilegeList: string, Status: string, SubStatus: string, Channel: string, TicketEncryptionType: string`,
  SecurityAlert: `${azure}, AlertName: string, AlertSeverity: string, AlertType: string, ProviderName: string, ProductName: string, Entities: string, Tactics: string, Techniques: string, CompromisedEntity: string, SystemAlertId: string, Description: string, Status: string, StartTime: datetime, EndTime: datetime, ExtendedProperties: string`,
  CommonSecurityLog: `${azure}, Computer: string, DeviceVendor: string, DeviceProduct: string, DeviceEventClassID: string, DeviceAction: string, Activity: string, LogSeverity: string, SourceIP: string, SourcePort: int, SourceHostName: string, SourceUserName: string, DestinationIP: string, DestinationPort: int, DestinationHostName: string, DestinationUserName: string, RequestURL: string, RequestMethod: string, RequestClientApplication: string, FileHash: string, FileName: string, SentBytes: long, ReceivedBytes: long, Protocol: string, ApplicationProtocol: string, Message: string, AdditionalExtensions: string`,
  DnsEvents: `${azure}, Computer: string, ClientIP: string, Name: string, QueryType: string, IPAddresses: string, ResultCode: int, SubType: string`,
  OfficeActivity: `${azure}, UserId: string, UserType: string, ClientIP: string, Operation: string, OfficeWorkload: string, OfficeObjectId: string, Site_Url: string, SourceFileName: string, Parameters: string, ResultStatus: string, UserAgent: string, MailboxOwnerUPN: string`,
  AWSCloudTrail: `${azure}, EventName: string, EventSource: string, SourceIpAddress: string, UserAgent: string, AWSRegion: string, ErrorCode: string, ErrorMessage: string, RequestParameters: string, ResponseElements: string, Resources: string, ReadOnly: bool, UserIdentityType: string, UserIdentityArn: string, UserIdentityUserName: string, UserIdentityPrincipalid: string, UserIdentityAccessKeyId: string, UserIdentityAccountId: string, RecipientAccountId: string, AdditionalEventData: string`,
  AzureActivity: `${azure}, Caller: string, CallerIpAddress: string, OperationName: string, OperationNameValue: string, ActivityStatus: string, ActivityStatusValue: string, ResourceGroup: string, ResourceId: string, Resource: string, ResourceProviderValue: string, Category: string, CategoryValue: string, Level: string, SubscriptionId: string, CorrelationId: string, Properties: string, Authorization: string`,
  AzureDiagnostics: `${azure}, Category: string, ResourceId: string, OperationName: string, clientIp_s: string, ruleId_s: string, action_s: string, requestUri_s: string, hostname_s: string, Message: string, details_message_s: string`,
  StorageBlobLogs: `${azure}, AccountName: string, OperationName: string, AuthenticationType: string, CallerIpAddress: string, Uri: string, StatusCode: string, StatusText: string, RequestBodySize: long, ResponseBodySize: long, UserAgentHeader: string, ObjectKey: string`,
  W3CIISLog: `${azure}, Computer: string, sSiteName: string, sComputerName: string, sIP: string, sPort: string, cIP: string, csMethod: string, csUriStem: string, csUriQuery: string, csUserName: string, csUserAgent: string, csReferer: string, csHost: string, scStatus: string, scSubStatus: string, scWin32Status: string, scBytes: long, csBytes: long, TimeTaken: long`,
  Syslog: `${azure}, Computer: string, HostName: string, HostIP: string, Facility: string, SeverityLevel: string, ProcessName: string, ProcessID: int, SyslogMessage: string`,
  Heartbeat: `${azure}, Computer: string, ComputerIP: string, OSType: string, Category: string, Version: string`,

  DeviceProcessEvents: `${device}, ${initiating}, FileName: string, FolderPath: string, SHA1: string, SHA256: string, MD5: string, ProcessId: long, ProcessCommandLine: string, ProcessIntegrityLevel: string, AccountDomain: string, AccountName: string, AccountUpn: string, LogonId: long`,
  DeviceNetworkEvents: `${device}, ${initiating}, RemoteIP: string, RemotePort: int, RemoteUrl: string, RemoteIPType: string, LocalIP: string, LocalPort: int, LocalIPType: string, Protocol: string`,
  DeviceFileEvents: `${device}, ${initiating}, FileName: string, FolderPath: string, SHA1: string, SHA256: string, MD5: string, FileSize: long, FileOriginUrl: string, FileOriginIP: string, FileOriginReferrerUrl: string, PreviousFileName: string, PreviousFolderPath: string, RequestAccountName: string, ShareName: string`,
  DeviceImageLoadEvents: `${device}, ${initiating}, FileName: string, FolderPath: string, SHA1: string, SHA256: string, MD5: string`,
  DeviceRegistryEvents: `${device}, ${initiating}, RegistryKey: string, RegistryValueName: string, RegistryValueType: string, RegistryValueData: string, PreviousRegistryKey: string, PreviousRegistryValueData: string`,
  DeviceLogonEvents: `${device}, ${initiating}, LogonType: string, AccountDomain: string, AccountName: string, AccountSid: string, Protocol: string, FailureReason: string, IsLocalAdmin: bool, LogonId: long, RemoteDeviceName: string, RemoteIP: string, RemoteIPType: string, RemotePort: int`,
  DeviceEvents: `${device}, ${initiating}, FileName: string, FolderPath: string, SHA1: string, SHA256: string, AccountDomain: string, AccountName: string, RemoteUrl: string, RemoteIP: string, RegistryKey: string, ProcessCommandLine: string`,
  DeviceTvmSoftwareVulnerabilities:
    'DeviceId: string, DeviceName: string, OSPlatform: string, SoftwareVendor: string, SoftwareName: string, SoftwareVersion: string, CveId: string, VulnerabilitySeverityLevel: string, RecommendedSecurityUpdate: string',
  DeviceTvmSoftwareInventory:
    'DeviceId: string, DeviceName: string, OSPlatform: string, OSVersion: string, SoftwareVendor: string, SoftwareName: string, SoftwareVersion: string, EndOfSupportStatus: string',
  EmailEvents:
    'Timestamp: datetime, NetworkMessageId: string, InternetMessageId: string, SenderMailFromAddress: string, SenderFromAddress: string, SenderDisplayName: string, SenderFromDomain: string, SenderIPv4: string, SenderIPv6: string, RecipientEmailAddress: string, Subject: string, EmailDirection: string, DeliveryAction: string, DeliveryLocation: string, ThreatTypes: string, DetectionMethods: string, AuthenticationDetails: string, UrlCount: int, AttachmentCount: int, ReportId: string',
  EmailUrlInfo:
    'Timestamp: datetime, NetworkMessageId: string, Url: string, UrlDomain: string, UrlLocation: string, ReportId: string',
  EmailAttachmentInfo:
    'Timestamp: datetime, NetworkMessageId: string, SenderFromAddress: string, RecipientEmailAddress: string, FileName: string, FileType: string, SHA256: string, ThreatTypes: string, ReportId: string',
  UrlClickEvents:
    'Timestamp: datetime, Url: string, ActionType: string, AccountUpn: string, Workload: string, NetworkMessageId: string, IPAddress: string, ThreatTypes: string, IsClickedThrough: bool, UrlChain: string, ReportId: string',
  IdentityLogonEvents:
    'Timestamp: datetime, ActionType: string, Application: string, LogonType: string, Protocol: string, FailureReason: string, AccountName: string, AccountDomain: string, AccountUpn: string, AccountSid: string, DeviceName: string, DeviceType: string, IPAddress: string, Port: int, DestinationDeviceName: string, DestinationIPAddress: string, TargetDeviceName: string, Location: string, ISP: string, AdditionalFields: dynamic',
  CloudAppEvents:
    'Timestamp: datetime, ActionType: string, Application: string, ApplicationId: int, AccountObjectId: string, AccountId: string, AccountDisplayName: string, IsAdminOperation: bool, IPAddress: string, CountryCode: string, City: string, ISP: string, UserAgent: string, ActivityType: string, ActivityObjects: dynamic, ObjectName: string, ObjectType: string, ObjectId: string, RawEventData: dynamic, AdditionalFields: dynamic',
  AlertInfo:
    'Timestamp: datetime, AlertId: string, Title: string, Category: string, Severity: string, ServiceSource: string, DetectionSource: string, AttackTechniques: string',
  AlertEvidence:
    'Timestamp: datetime, AlertId: string, Title: string, Categories: string, AttackTechniques: string, ServiceSource: string, DetectionSource: string, EntityType: string, EvidenceRole: string, EvidenceDirection: string, FileName: string, FolderPath: string, SHA1: string, SHA256: string, AccountName: string, AccountDomain: string, AccountUpn: string, DeviceId: string, DeviceName: string, LocalIP: string, RemoteIP: string, RemoteUrl: string, Severity: string, AdditionalFields: dynamic',
};
