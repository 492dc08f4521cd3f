#pragma once
// The ATT&CK techniques that the demo's stories show, in the words that vendors put into their payloads.

#include <string_view>

namespace tocsin::demo {

struct Technique {
  std::string_view id;
  std::string_view name;
  std::string_view tactic_id;
  std::string_view tactic;
};

namespace attack {
inline constexpr Technique kSpearphishing{"T1566.001", "Spearphishing Attachment", "TA0001",
                                          "Initial Access"};
inline constexpr Technique kPublicApp{"T1190", "Exploit Public-Facing Application", "TA0001",
                                      "Initial Access"};
inline constexpr Technique kCloudAccounts{"T1078.004", "Cloud Accounts", "TA0001", "Initial Access"};
inline constexpr Technique kLocalAccounts{"T1078.003", "Local Accounts", "TA0001", "Initial Access"};
inline constexpr Technique kMaliciousFile{"T1204.002", "Malicious File", "TA0002", "Execution"};
inline constexpr Technique kPowerShell{"T1059.001", "PowerShell", "TA0002", "Execution"};
inline constexpr Technique kUnixShell{"T1059.004", "Unix Shell", "TA0002", "Execution"};
inline constexpr Technique kServiceExecution{"T1569.002", "Service Execution", "TA0002", "Execution"};
inline constexpr Technique kWebShell{"T1505.003", "Web Shell", "TA0003", "Persistence"};
inline constexpr Technique kCron{"T1053.003", "Cron", "TA0003", "Persistence"};
inline constexpr Technique kLocalAccountCreated{"T1136.001", "Local Account", "TA0003", "Persistence"};
inline constexpr Technique kSshKeys{"T1098.004", "SSH Authorized Keys", "TA0003", "Persistence"};
inline constexpr Technique kCloudCredentials{"T1098.001", "Additional Cloud Credentials", "TA0003",
                                             "Persistence"};
inline constexpr Technique kSudo{"T1548.003", "Sudo and Sudo Caching", "TA0004", "Privilege Escalation"};
inline constexpr Technique kCloudLogsOff{"T1562.008", "Disable or Modify Cloud Logs", "TA0005",
                                         "Defense Evasion"};
inline constexpr Technique kClearLogs{"T1070.001", "Clear Windows Event Logs", "TA0005", "Defense Evasion"};
inline constexpr Technique kHidingRules{"T1564.008", "Email Hiding Rules", "TA0005", "Defense Evasion"};
inline constexpr Technique kCredentialsInFiles{"T1552.001", "Credentials In Files", "TA0006",
                                               "Credential Access"};
inline constexpr Technique kLsass{"T1003.001", "LSASS Memory", "TA0006", "Credential Access"};
inline constexpr Technique kDcSync{"T1003.006", "DCSync", "TA0006", "Credential Access"};
inline constexpr Technique kKerberoasting{"T1558.003", "Kerberoasting", "TA0006", "Credential Access"};
inline constexpr Technique kPasswordGuessing{"T1110.001", "Password Guessing", "TA0006", "Credential Access"};
inline constexpr Technique kPasswordSpraying{"T1110.003", "Password Spraying", "TA0006", "Credential Access"};
inline constexpr Technique kMfaFatigue{"T1621", "Multi-Factor Authentication Request Generation", "TA0006",
                                       "Credential Access"};
inline constexpr Technique kServiceDiscovery{"T1046", "Network Service Discovery", "TA0007", "Discovery"};
inline constexpr Technique kDomainAccounts{"T1087.002", "Domain Account", "TA0007", "Discovery"};
inline constexpr Technique kPassTheHash{"T1550.002", "Pass the Hash", "TA0008", "Lateral Movement"};
inline constexpr Technique kAdminShares{"T1021.002", "SMB/Windows Admin Shares", "TA0008",
                                        "Lateral Movement"};
inline constexpr Technique kCloudStorage{"T1530", "Data from Cloud Storage", "TA0009", "Collection"};
inline constexpr Technique kRemoteMail{"T1114.002", "Remote Email Collection", "TA0009", "Collection"};
inline constexpr Technique kWebProtocols{"T1071.001", "Web Protocols", "TA0011", "Command and Control"};
inline constexpr Technique kDnsProtocol{"T1071.004", "DNS", "TA0011", "Command and Control"};
inline constexpr Technique kToolTransfer{"T1105", "Ingress Tool Transfer", "TA0011", "Command and Control"};
inline constexpr Technique kUsbExfiltration{"T1052.001", "Exfiltration over USB", "TA0010", "Exfiltration"};
inline constexpr Technique kCloudUpload{"T1567.002", "Exfiltration to Cloud Storage", "TA0010",
                                        "Exfiltration"};
inline constexpr Technique kDnsExfiltration{"T1048.003", "Exfiltration Over Unencrypted Non-C2 Protocol",
                                            "TA0010", "Exfiltration"};
inline constexpr Technique kInhibitRecovery{"T1490", "Inhibit System Recovery", "TA0040", "Impact"};
inline constexpr Technique kEncryption{"T1486", "Data Encrypted for Impact", "TA0040", "Impact"};
inline constexpr Technique kHijacking{"T1496.001", "Compute Hijacking", "TA0040", "Impact"};
}  // namespace attack

}  // namespace tocsin::demo
