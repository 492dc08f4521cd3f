#include "hunt/template.h"

namespace tocsin::hunt {
namespace {

// Columns: https://learn.microsoft.com/defender-xdr/advanced-hunting-schema-tables
constexpr Template kDefender[] = {
    {"defender_host_processes", "Process tree of the hosts", "Parents and command lines around the alerts.",
     "", Window::kAround,
     R"(DeviceProcessEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| project Timestamp, DeviceName, AccountName, InitiatingProcessFileName, InitiatingProcessCommandLine, FileName, ProcessCommandLine, SHA256
| order by Timestamp asc)"},
    {"defender_host_scripts", "Script hosts and loaders on the hosts",
     "PowerShell, mshta, rundll32, certutil and the like with network or encoded arguments.",
     "TA0002 TA0005 T1059 T1218 T1105 T1027 T1036 T1204", Window::kAround,
     R"(DeviceProcessEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| where FileName in~ ("powershell.exe", "pwsh.exe", "cmd.exe", "wscript.exe", "cscript.exe", "mshta.exe", "rundll32.exe", "regsvr32.exe", "certutil.exe", "bitsadmin.exe", "wmic.exe", "msbuild.exe", "curl.exe")
| where ProcessCommandLine has_any ("http", "-enc", "-encodedcommand", "frombase64string", "downloadstring", "iex", "javascript:", "scrobj", "-decode", "urlcache")
| project Timestamp, DeviceName, AccountName, InitiatingProcessFileName, FileName, ProcessCommandLine)"},
    {"defender_host_network", "Connections of the hosts to the internet",
     "The process behind each; first contacts matter.", "", Window::kAround,
     R"(DeviceNetworkEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| where RemoteIPType == "Public"
| summarize Count = count(), First = min(Timestamp) by DeviceName, InitiatingProcessFileName, RemoteIP, RemoteUrl, RemotePort
| order by First asc)"},
    {"defender_host_files", "Files made on the hosts", "Droppers, archives, renamed files.", "",
     Window::kAround,
     R"(DeviceFileEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| where ActionType in ("FileCreated", "FileRenamed")
| project Timestamp, DeviceName, InitiatingProcessFileName, FolderPath, FileName, SHA256, FileOriginUrl
| order by Timestamp asc)"},
    {"defender_host_encryption", "Mass changes of files on the hosts",
     "Hundreds of renames a minute by one process is encryption.", "T1486 T1485 T1490", Window::kAround,
     R"(DeviceFileEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| where ActionType in ("FileRenamed", "FileModified", "FileDeleted")
| summarize Files = dcount(FolderPath), Extensions = make_set(tostring(split(FileName, ".")[-1]), 20) by DeviceName, InitiatingProcessFileName, InitiatingProcessAccountName, bin(Timestamp, 1m)
| where Files > 100
| order by Files desc)"},
    {"defender_host_registry", "Autostart entries on the hosts", "Run keys, services, image hijacks.",
     "TA0003 T1547 T1543 T1546 T1112", Window::kWide,
     R"(DeviceRegistryEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| where RegistryKey has_any ("CurrentVersion\\Run", "Winlogon", "Image File Execution Options", "CurrentControlSet\\Services", "Schedule\\TaskCache")
| project Timestamp, DeviceName, ActionType, RegistryKey, RegistryValueName, RegistryValueData, InitiatingProcessFileName, InitiatingProcessCommandLine)"},
    {"defender_host_logons", "Logons on the hosts", "Who came from where; new pairs stand out.", "",
     Window::kAround,
     R"(DeviceLogonEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| summarize First = min(Timestamp), Count = count() by DeviceName, AccountDomain, AccountName, LogonType, ActionType, RemoteIP, IsLocalAdmin
| order by First asc)"},
    {"defender_host_tampering", "Attempts to switch protection off on the hosts",
     "Tamper events, cleared logs, exclusions.", "T1562 T1070", Window::kWide,
     R"(DeviceEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| where ActionType has_any ("Tamper", "AntivirusDefinitions", "SecurityLogCleared", "ExploitGuard", "AsrRule")
| project Timestamp, DeviceName, ActionType, InitiatingProcessFileName, InitiatingProcessCommandLine, AdditionalFields)"},
    {"defender_user_logons", "Where the accounts signed in", "Machines beyond the ones with alerts.", "",
     Window::kWide,
     R"(DeviceLogonEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where AccountName in~ ({accounts})
| summarize First = min(Timestamp), Last = max(Timestamp), Successes = countif(ActionType == "LogonSuccess"), Failures = countif(ActionType == "LogonFailed") by DeviceName, AccountName, LogonType, RemoteIP
| order by First asc)"},
    {"defender_user_identity", "Directory sign-ins of the accounts",
     "NTLM where Kerberos is usual, and unusual sources.", "TA0006 TA0008 T1110 T1550 T1558 T1003 T1078",
     Window::kWide,
     R"(IdentityLogonEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where AccountName in~ ({accounts})
| summarize Count = count(), First = min(Timestamp) by AccountUpn, IPAddress, DeviceName, DestinationDeviceName, Protocol, LogonType, ActionType, FailureReason
| order by First asc)"},
    {"defender_user_processes", "What ran under the accounts", "On every machine.", "", Window::kAround,
     R"(DeviceProcessEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where AccountName in~ ({accounts})
| summarize First = min(Timestamp), Count = count() by DeviceName, FileName, InitiatingProcessFileName
| order by First asc)"},
    {"defender_user_cloud_apps", "What the users did in cloud applications",
     "Downloads, shares, consents, rules.", "", Window::kAround,
     R"(CloudAppEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(RawEventData.UserId) in~ ({users}) or AccountDisplayName in~ ({users})
| summarize Count = count(), First = min(Timestamp), Objects = make_set(ObjectName, 10) by AccountDisplayName, Application, ActionType, IPAddress, CountryCode
| order by Count desc)"},
    {"defender_user_clicks", "Links the users clicked", "A click through a warning is a lead.",
     "T1566 T1204 T1598 TA0001", Window::kWide,
     R"(UrlClickEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where AccountUpn in~ ({users})
| project Timestamp, AccountUpn, Url, ActionType, IsClickedThrough, IPAddress, Workload)"},
    {"defender_mail_sender", "Mail from and to the addresses",
     "All recipients of the same sender, and what became of each.", "", Window::kWide,
     R"(EmailEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where SenderFromAddress in~ ({emails}) or SenderMailFromAddress in~ ({emails}) or RecipientEmailAddress in~ ({emails})
| project Timestamp, NetworkMessageId, SenderFromAddress, SenderIPv4, RecipientEmailAddress, Subject, DeliveryAction, DeliveryLocation, ThreatTypes)"},
    {"defender_mail_links", "Mail with the links", "Everyone who got the same page.", "T1566 T1598 T1204",
     Window::kWide,
     R"(EmailUrlInfo
| where Timestamp between (datetime({from}) .. datetime({until}))
| where Url has_any ({urls})
| join kind=inner (EmailEvents | where Timestamp between (datetime({from}) .. datetime({until}))) on NetworkMessageId
| summarize Recipients = make_set(RecipientEmailAddress, 200), First = min(Timestamp) by SenderFromAddress, Subject, Url, DeliveryLocation)"},
    {"defender_ip_network", "Machines that talked to the addresses", "With process and user.", "",
     Window::kWide,
     R"(DeviceNetworkEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where RemoteIP in ({ips}) or LocalIP in ({ips})
| summarize First = min(Timestamp), Last = max(Timestamp), Count = count() by DeviceName, InitiatingProcessFileName, InitiatingProcessSHA256, InitiatingProcessAccountName, RemoteIP, RemotePort
| order by First asc)"},
    {"defender_domain_network", "Machines that talked to the domains", "With process and user.", "",
     Window::kWide,
     R"(DeviceNetworkEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where RemoteUrl has_any ({domains})
| summarize First = min(Timestamp), Last = max(Timestamp), Count = count() by DeviceName, InitiatingProcessFileName, InitiatingProcessAccountName, RemoteUrl, RemoteIP
| order by First asc)"},
    {"defender_hash", "The files by hash on all machines", "First machine, path and who wrote it.", "",
     Window::kWide,
     R"(union DeviceFileEvents, DeviceProcessEvents, DeviceImageLoadEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where SHA256 in~ ({hashes}) or SHA1 in~ ({hashes}) or MD5 in~ ({hashes})
| summarize First = min(Timestamp), Last = max(Timestamp), Machines = dcount(DeviceName), Sample = make_set(DeviceName, 50) by FileName, FolderPath, SHA256)"},
    {"defender_file", "The files by name on all machines", "Names lie; compare the hashes.", "",
     Window::kWide,
     R"(DeviceFileEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where FileName in~ ({files})
| summarize First = min(Timestamp), Machines = make_set(DeviceName, 50) by FileName, SHA256, FolderPath, InitiatingProcessFileName)"},
    {"defender_process", "The processes on all machines", "Command lines that only one machine has.", "",
     Window::kWide,
     R"(DeviceProcessEvents
| where Timestamp between (datetime({from}) .. datetime({until}))
| where FileName in~ ({processes})
| summarize Machines = dcount(DeviceName), Count = count(), Sample = make_set(DeviceName, 10) by FileName, ProcessCommandLine, InitiatingProcessFileName
| order by Machines asc)"},
    {"defender_evidence", "Alerts of Microsoft products on the hosts", "What was already raised.", "",
     Window::kWide,
     R"(AlertEvidence
| where Timestamp between (datetime({from}) .. datetime({until}))
| where tostring(split(DeviceName, ".")[0]) in~ ({hosts})
| join kind=inner (AlertInfo | where Timestamp between (datetime({from}) .. datetime({until}))) on AlertId
| summarize First = min(Timestamp) by AlertId, Title, Severity, Category, DetectionSource, DeviceName)"},
};

}  // namespace

std::span<const Template> defender_templates() {
  return kDefender;
}

}  // namespace tocsin::hunt
