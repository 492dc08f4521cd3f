#include "hunt/template.h"

namespace tocsin::hunt {
namespace {

// Columns: https://learn.microsoft.com/azure/azure-monitor/reference/tables-index
constexpr Template kSentinel[] = {
    {"sentinel_user_signins", "Sign-ins of the users",
     "New countries, devices or applications; a success after failures.", "", Window::kAround,
     R"(SigninLogs
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where UserPrincipalName in~ ({users}) or tostring(split(UserPrincipalName, "@")[0]) in~ ({accounts})
| project TimeGenerated, UserPrincipalName, IPAddress, Location, AppDisplayName, ClientAppUsed, ResultType, ResultDescription, UserAgent
| order by TimeGenerated asc)"},
    {"sentinel_user_signins_before", "Where the users usually sign in from (day before)",
     "What is usual, to tell what is not.", "TA0001 TA0006 T1078", Window::kBefore,
     R"(SigninLogs
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where UserPrincipalName in~ ({users}) or tostring(split(UserPrincipalName, "@")[0]) in~ ({accounts})
| summarize SignIns = count(), Failures = countif(ResultType != "0"), Apps = make_set(AppDisplayName, 20) by UserPrincipalName, IPAddress, Location
| order by SignIns desc)"},
    {"sentinel_user_directory_changes", "Directory changes by or on the users",
     "Registered methods, consents, role and group changes that outlive a reset.", "", Window::kWide,
     R"(AuditLogs
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| extend Actor = tostring(InitiatedBy.user.userPrincipalName), Target = tostring(TargetResources[0].userPrincipalName)
| where Actor in~ ({users}) or Target in~ ({users})
| project TimeGenerated, OperationName, Actor, Target, Result, TargetResources
| order by TimeGenerated asc)"},
    {"sentinel_user_windows_logons", "Windows logons of the accounts",
     "Network (3), new-credentials (9) and remote (10) logons on machines the user has no business on.", "",
     Window::kAround,
     R"(SecurityEvent
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where EventID in (4624, 4625, 4648, 4672, 4768, 4769, 4776)
| where TargetUserName in~ ({accounts}) or SubjectUserName in~ ({accounts})
| summarize First = min(TimeGenerated), Last = max(TimeGenerated), Count = count() by EventID, Activity, Computer, TargetUserName, IpAddress, LogonType
| order by First asc)"},
    {"sentinel_user_office", "What the users did in Microsoft 365",
     "Inbox rules, forwarding, mass downloads, sharing links.", "TA0009 TA0010 T1114 T1566 T1528 T1564",
     Window::kAround,
     R"(OfficeActivity
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where UserId in~ ({users})
| summarize Count = count(), First = min(TimeGenerated), Objects = make_set(OfficeObjectId, 10) by UserId, Operation, ClientIP, OfficeWorkload
| order by Count desc)"},
    {"sentinel_user_cloudtrail", "What the users did in AWS",
     "Calls that create keys, users or policies, and calls denied before them.", "", Window::kAround,
     R"(AWSCloudTrail
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where UserIdentityUserName in~ ({accounts})
| summarize Count = count(), First = min(TimeGenerated), Errors = countif(isnotempty(ErrorCode)) by EventName, EventSource, AWSRegion, SourceIpAddress, UserAgent
| order by First asc)"},
    {"sentinel_user_azure", "What the users changed in Azure",
     "Deleted diagnostics, new role assignments, run commands on machines.", "", Window::kAround,
     R"(AzureActivity
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where Caller in~ ({users})
| project TimeGenerated, Caller, CallerIpAddress, OperationNameValue, ActivityStatusValue, ResourceGroup
| order by TimeGenerated asc)"},
    {"sentinel_host_processes", "Processes on the hosts",
     "Odd parents, encoded commands, tools in user folders.", "", Window::kAround,
     R"(SecurityEvent
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where EventID == 4688
| where tostring(split(Computer, ".")[0]) in~ ({hosts})
| project TimeGenerated, Computer, Account, ParentProcessName, NewProcessName, CommandLine
| order by TimeGenerated asc)"},
    {"sentinel_host_persistence", "Services, tasks, accounts and cleared logs on the hosts",
     "What was left to come back with.", "", Window::kWide,
     R"(SecurityEvent
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where EventID in (1102, 4697, 4698, 4702, 4719, 4720, 4728, 4732, 4738)
| where tostring(split(Computer, ".")[0]) in~ ({hosts})
| project TimeGenerated, EventID, Activity, Computer, Account, TargetUserName, EventData
| order by TimeGenerated asc)"},
    {"sentinel_host_logons", "Who signed in to the hosts", "Accounts whose credentials count as exposed.",
     "TA0006 TA0008 T1003 T1021 T1486", Window::kAround,
     R"(SecurityEvent
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where EventID == 4624 and LogonType in (2, 3, 9, 10, 11)
| where tostring(split(Computer, ".")[0]) in~ ({hosts})
| summarize First = min(TimeGenerated), Last = max(TimeGenerated), Count = count() by Computer, TargetUserName, LogonType, IpAddress
| order by Last desc)"},
    {"sentinel_host_syslog", "Syslog of the hosts", "sudo, sshd, cron and kernel messages around the alerts.",
     "", Window::kAround,
     R"(Syslog
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where tostring(split(Computer, ".")[0]) in~ ({hosts})
| project TimeGenerated, Computer, Facility, SeverityLevel, ProcessName, SyslogMessage
| order by TimeGenerated asc)"},
    {"sentinel_ip_network", "Connections from and to the addresses",
     "Bytes and ports by peer; allowed ones first.", "", Window::kAround,
     R"(CommonSecurityLog
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where SourceIP in ({ips}) or DestinationIP in ({ips})
| summarize Count = count(), Sent = sum(SentBytes), Received = sum(ReceivedBytes), First = min(TimeGenerated), Last = max(TimeGenerated) by SourceIP, DestinationIP, DestinationPort, DeviceAction, DeviceVendor
| order by Count desc)"},
    {"sentinel_ip_signins", "Everyone who signed in from the addresses",
     "Other accounts behind the same source.", "", Window::kWide,
     R"(union isfuzzy=true SigninLogs, AADNonInteractiveUserSignInLogs
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where IPAddress in ({ips})
| summarize Attempts = count(), Successes = countif(ResultType == "0"), First = min(TimeGenerated), Last = max(TimeGenerated), Apps = make_set(AppDisplayName, 10) by UserPrincipalName, IPAddress
| order by Successes desc, Attempts desc)"},
    {"sentinel_ip_web", "Requests of the addresses to our web servers",
     "Paths and answers; a 200 among many 404 is what they found.", "TA0001 TA0043 T1190 T1505 T1595",
     Window::kAround,
     R"(W3CIISLog
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where cIP in ({ips})
| summarize Count = count(), First = min(TimeGenerated), Slowest = max(TimeTaken) by cIP, csMethod, csUriStem, scStatus, csUserAgent
| order by Count desc)"},
    {"sentinel_ip_clouds", "Cloud calls from the addresses", "The same address in AWS and Azure.", "",
     Window::kWide,
     R"(union isfuzzy=true
    (AWSCloudTrail
    | where TimeGenerated between (datetime({from}) .. datetime({until}))
    | where SourceIpAddress in ({ips})
    | project TimeGenerated, Cloud = "AWS", Who = UserIdentityArn, What = EventName, Address = SourceIpAddress),
    (AzureActivity
    | where TimeGenerated between (datetime({from}) .. datetime({until}))
    | where CallerIpAddress in ({ips})
    | project TimeGenerated, Cloud = "Azure", Who = Caller, What = OperationNameValue, Address = CallerIpAddress)
| summarize Count = count(), First = min(TimeGenerated) by Cloud, Who, What, Address
| order by First asc)"},
    {"sentinel_ip_spray", "Password spraying from the addresses", "Many accounts, few tries each.",
     "T1110 T1078", Window::kWide,
     R"(SigninLogs
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where IPAddress in ({ips})
| summarize Accounts = dcount(UserPrincipalName), Attempts = count(), Successes = countif(ResultType == "0") by IPAddress, bin(TimeGenerated, 1h)
| extend TriesPerAccount = round(todouble(Attempts) / Accounts, 1)
| order by TimeGenerated asc)"},
    {"sentinel_ip_beacon", "Regularity of the traffic to the addresses",
     "Even gaps with little jitter are a beacon.", "TA0011 T1071 T1573 T1571", Window::kWide,
     R"(CommonSecurityLog
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where DestinationIP in ({ips})
| order by SourceIP asc, DestinationIP asc, TimeGenerated asc
| extend Gap = iff(SourceIP == prev(SourceIP) and DestinationIP == prev(DestinationIP), datetime_diff("second", TimeGenerated, prev(TimeGenerated)), long(null))
| summarize Connections = count(), AverageGap = avg(Gap), Jitter = stdev(Gap), Sent = sum(SentBytes) by SourceIP, DestinationIP, DestinationPort
| where Connections > 10
| order by Jitter asc)"},
    {"sentinel_domain_dns", "Who looked the domains up", "Every client, not only the one with the alert.", "",
     Window::kWide,
     R"(DnsEvents
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where Name has_any ({domains})
| summarize Queries = count(), Names = dcount(Name), First = min(TimeGenerated), Last = max(TimeGenerated) by ClientIP, Computer
| order by Queries desc)"},
    {"sentinel_domain_dns_tunnel", "Shape of the names under the domains",
     "Long, many, never repeated: a tunnel.", "T1071.004 T1572 T1048 T1568", Window::kAround,
     R"(DnsEvents
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where Name has_any ({domains})
| extend Label = tostring(split(Name, ".")[0])
| summarize Queries = count(), Names = dcount(Name), AverageLabel = avg(strlen(Label)), Types = make_set(QueryType) by ClientIP, bin(TimeGenerated, 1h)
| order by TimeGenerated asc)"},
    {"sentinel_domain_proxy", "Web requests to the domains",
     "Users, bytes and whether the proxy let it pass.", "", Window::kWide,
     R"(CommonSecurityLog
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where DestinationHostName has_any ({domains}) or RequestURL has_any ({domains})
| summarize Count = count(), Sent = sum(SentBytes), First = min(TimeGenerated) by SourceIP, SourceUserName, DestinationHostName, DeviceAction
| order by Sent desc)"},
    {"sentinel_hash", "The files by hash in firewall and mail logs", "Other ways the same file came.", "",
     Window::kWide,
     R"(CommonSecurityLog
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where FileHash in~ ({hashes})
| project TimeGenerated, DeviceVendor, DeviceProduct, SourceIP, DestinationIP, SourceUserName, RequestURL, FileHash, DeviceAction)"},
    {"sentinel_resource_cloudtrail", "What was done to the cloud resources",
     "Policy, ACL and encryption changes, and reads after them.", "", Window::kWide,
     R"(AWSCloudTrail
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where RequestParameters has_any ({resources}) or Resources has_any ({resources})
| project TimeGenerated, EventName, UserIdentityArn, SourceIpAddress, UserAgent, ErrorCode, RequestParameters
| order by TimeGenerated asc)"},
    {"sentinel_alerts_users", "Other alerts on the users", "What other products already said.", "",
     Window::kWide,
     R"(SecurityAlert
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where Entities has_any ({accounts})
| summarize arg_max(TimeGenerated, *) by SystemAlertId
| project TimeGenerated, AlertName, AlertSeverity, ProviderName, Tactics, CompromisedEntity)"},
    {"sentinel_alerts_hosts", "Other alerts on the hosts", "What other products already said.", "",
     Window::kWide,
     R"(SecurityAlert
| where TimeGenerated between (datetime({from}) .. datetime({until}))
| where Entities has_any ({hosts})
| summarize arg_max(TimeGenerated, *) by SystemAlertId
| project TimeGenerated, AlertName, AlertSeverity, ProviderName, Tactics, CompromisedEntity)"},
};

}  // namespace

std::span<const Template> sentinel_templates() {
  return kSentinel;
}

}  // namespace tocsin::hunt
