#include "ingest/normalisers/windows_meaning.h"

#include <algorithm>
#include <array>

#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

constexpr auto kEvents = std::to_array<WindowsEventMeaning>({
    {WindowsLog::kSecurity, 1100, "The event logging service has shut down"},
    {WindowsLog::kSecurity, 1102, "The audit log was cleared"},
    {WindowsLog::kSecurity, 1104, "The security log is full"},
    {WindowsLog::kSecurity, 4624, "An account was successfully logged on"},
    {WindowsLog::kSecurity, 4625, "An account failed to log on"},
    {WindowsLog::kSecurity, 4627, "Group membership information"},
    {WindowsLog::kSecurity, 4634, "An account was logged off"},
    {WindowsLog::kSecurity, 4647, "A user initiated a logoff"},
    {WindowsLog::kSecurity, 4648, "A logon was attempted using explicit credentials"},
    {WindowsLog::kSecurity, 4656, "A handle to an object was requested"},
    {WindowsLog::kSecurity, 4657, "A registry value was modified"},
    {WindowsLog::kSecurity, 4660, "An object was deleted"},
    {WindowsLog::kSecurity, 4662, "An operation was performed on an object"},
    {WindowsLog::kSecurity, 4663, "An attempt was made to access an object"},
    {WindowsLog::kSecurity, 4670, "Permissions on an object were changed"},
    {WindowsLog::kSecurity, 4672, "Special privileges assigned to new logon"},
    {WindowsLog::kSecurity, 4673, "A privileged service was called"},
    {WindowsLog::kSecurity, 4674, "An operation was attempted on a privileged object"},
    {WindowsLog::kSecurity, 4675, "SIDs were filtered"},
    {WindowsLog::kSecurity, 4688, "A new process has been created"},
    {WindowsLog::kSecurity, 4689, "A process has exited"},
    {WindowsLog::kSecurity, 4697, "A service was installed in the system"},
    {WindowsLog::kSecurity, 4698, "A scheduled task was created"},
    {WindowsLog::kSecurity, 4699, "A scheduled task was deleted"},
    {WindowsLog::kSecurity, 4700, "A scheduled task was enabled"},
    {WindowsLog::kSecurity, 4701, "A scheduled task was disabled"},
    {WindowsLog::kSecurity, 4702, "A scheduled task was updated"},
    {WindowsLog::kSecurity, 4703, "A user right was adjusted"},
    {WindowsLog::kSecurity, 4704, "A user right was assigned"},
    {WindowsLog::kSecurity, 4705, "A user right was removed"},
    {WindowsLog::kSecurity, 4706, "A new trust was created to a domain"},
    {WindowsLog::kSecurity, 4713, "Kerberos policy was changed"},
    {WindowsLog::kSecurity, 4716, "Trusted domain information was modified"},
    {WindowsLog::kSecurity, 4717, "System security access was granted to an account"},
    {WindowsLog::kSecurity, 4719, "System audit policy was changed"},
    {WindowsLog::kSecurity, 4720, "A user account was created"},
    {WindowsLog::kSecurity, 4722, "A user account was enabled"},
    {WindowsLog::kSecurity, 4723, "An attempt was made to change an account's password"},
    {WindowsLog::kSecurity, 4724, "An attempt was made to reset an account's password"},
    {WindowsLog::kSecurity, 4725, "A user account was disabled"},
    {WindowsLog::kSecurity, 4726, "A user account was deleted"},
    {WindowsLog::kSecurity, 4727, "A security-enabled global group was created"},
    {WindowsLog::kSecurity, 4728, "A member was added to a security-enabled global group"},
    {WindowsLog::kSecurity, 4729, "A member was removed from a security-enabled global group"},
    {WindowsLog::kSecurity, 4730, "A security-enabled global group was deleted"},
    {WindowsLog::kSecurity, 4731, "A security-enabled local group was created"},
    {WindowsLog::kSecurity, 4732, "A member was added to a security-enabled local group"},
    {WindowsLog::kSecurity, 4733, "A member was removed from a security-enabled local group"},
    {WindowsLog::kSecurity, 4734, "A security-enabled local group was deleted"},
    {WindowsLog::kSecurity, 4735, "A security-enabled local group was changed"},
    {WindowsLog::kSecurity, 4737, "A security-enabled global group was changed"},
    {WindowsLog::kSecurity, 4738, "A user account was changed"},
    {WindowsLog::kSecurity, 4739, "Domain Policy was changed"},
    {WindowsLog::kSecurity, 4740, "A user account was locked out"},
    {WindowsLog::kSecurity, 4741, "A computer account was created"},
    {WindowsLog::kSecurity, 4742, "A computer account was changed"},
    {WindowsLog::kSecurity, 4743, "A computer account was deleted"},
    {WindowsLog::kSecurity, 4755, "A security-enabled universal group was changed"},
    {WindowsLog::kSecurity, 4756, "A member was added to a security-enabled universal group"},
    {WindowsLog::kSecurity, 4757, "A member was removed from a security-enabled universal group"},
    {WindowsLog::kSecurity, 4765, "SID History was added to an account"},
    {WindowsLog::kSecurity, 4767, "A user account was unlocked"},
    {WindowsLog::kSecurity, 4768, "A Kerberos authentication ticket (TGT) was requested"},
    {WindowsLog::kSecurity, 4769, "A Kerberos service ticket was requested"},
    {WindowsLog::kSecurity, 4770, "A Kerberos service ticket was renewed"},
    {WindowsLog::kSecurity, 4771, "Kerberos pre-authentication failed"},
    {WindowsLog::kSecurity, 4772, "A Kerberos authentication ticket request failed"},
    {WindowsLog::kSecurity, 4773, "A Kerberos service ticket request failed"},
    {WindowsLog::kSecurity, 4776, "The computer attempted to validate the credentials for an account"},
    {WindowsLog::kSecurity, 4778, "A session was reconnected to a Window Station"},
    {WindowsLog::kSecurity, 4779, "A session was disconnected from a Window Station"},
    {WindowsLog::kSecurity, 4781, "The name of an account was changed"},
    {WindowsLog::kSecurity, 4794,
     "An attempt was made to set the Directory Services Restore Mode administrator password"},
    {WindowsLog::kSecurity, 4798, "A user's local group membership was enumerated"},
    {WindowsLog::kSecurity, 4799, "A security-enabled local group membership was enumerated"},
    {WindowsLog::kSecurity, 4964, "Special groups have been assigned to a new logon"},
    {WindowsLog::kSecurity, 5136, "A directory service object was modified"},
    {WindowsLog::kSecurity, 5137, "A directory service object was created"},
    {WindowsLog::kSecurity, 5140, "A network share object was accessed"},
    {WindowsLog::kSecurity, 5141, "A directory service object was deleted"},
    {WindowsLog::kSecurity, 5142, "A network share object was added"},
    {WindowsLog::kSecurity, 5144, "A network share object was deleted"},
    {WindowsLog::kSecurity, 5145, "A network share object was checked for access"},
    {WindowsLog::kSecurity, 5156, "The Windows Filtering Platform has permitted a connection"},
    {WindowsLog::kSecurity, 5157, "The Windows Filtering Platform has blocked a connection"},
    {WindowsLog::kSecurity, 5379, "Credential Manager credentials were read"},
    {WindowsLog::kSecurity, 6416, "A new external device was recognized by the system"},
    {WindowsLog::kSystem, 104, "The event log was cleared"},
    {WindowsLog::kSystem, 7034, "A service terminated unexpectedly"},
    {WindowsLog::kSystem, 7036, "A service entered a state"},
    {WindowsLog::kSystem, 7040, "The start type of a service was changed"},
    {WindowsLog::kSystem, 7045, "A service was installed in the system"},
    {WindowsLog::kSysmon, 1, "Process creation"},
    {WindowsLog::kSysmon, 2, "A process changed a file creation time"},
    {WindowsLog::kSysmon, 3, "Network connection"},
    {WindowsLog::kSysmon, 4, "Sysmon service state changed"},
    {WindowsLog::kSysmon, 5, "Process terminated"},
    {WindowsLog::kSysmon, 6, "Driver loaded"},
    {WindowsLog::kSysmon, 7, "Image loaded"},
    {WindowsLog::kSysmon, 8, "CreateRemoteThread"},
    {WindowsLog::kSysmon, 9, "RawAccessRead"},
    {WindowsLog::kSysmon, 10, "Process access"},
    {WindowsLog::kSysmon, 11, "File created"},
    {WindowsLog::kSysmon, 12, "Registry object added or deleted"},
    {WindowsLog::kSysmon, 13, "Registry value set"},
    {WindowsLog::kSysmon, 14, "Registry object renamed"},
    {WindowsLog::kSysmon, 15, "File stream created"},
    {WindowsLog::kSysmon, 16, "Sysmon configuration changed"},
    {WindowsLog::kSysmon, 17, "Pipe created"},
    {WindowsLog::kSysmon, 18, "Pipe connected"},
    {WindowsLog::kSysmon, 19, "WMI event filter registered"},
    {WindowsLog::kSysmon, 20, "WMI event consumer registered"},
    {WindowsLog::kSysmon, 21, "WMI consumer bound to filter"},
    {WindowsLog::kSysmon, 22, "DNS query"},
    {WindowsLog::kSysmon, 23, "File deleted"},
    {WindowsLog::kSysmon, 24, "Clipboard changed"},
    {WindowsLog::kSysmon, 25, "Process tampering"},
    {WindowsLog::kSysmon, 26, "File delete logged"},
    {WindowsLog::kSysmon, 27, "Executable file blocked"},
    {WindowsLog::kSysmon, 28, "File shredding blocked"},
    {WindowsLog::kSysmon, 29, "Executable file detected"},
    {WindowsLog::kDefender, 1006, "Malware or other unwanted software was found"},
    {WindowsLog::kDefender, 1007, "Action was taken against malware"},
    {WindowsLog::kDefender, 1008, "Action against malware failed"},
    {WindowsLog::kDefender, 1015, "Suspicious behaviour was detected"},
    {WindowsLog::kDefender, 1116, "Malware or other unwanted software was detected"},
    {WindowsLog::kDefender, 1117, "Action was taken against malware"},
    {WindowsLog::kDefender, 1118, "Action against malware failed"},
    {WindowsLog::kDefender, 1119, "Action against malware failed critically"},
    {WindowsLog::kDefender, 1121, "An attack surface reduction rule blocked an action"},
    {WindowsLog::kDefender, 1122, "An attack surface reduction rule would have blocked an action"},
    {WindowsLog::kDefender, 1123, "Controlled folder access blocked a change"},
    {WindowsLog::kDefender, 1126, "Network protection blocked a connection"},
    {WindowsLog::kDefender, 5001, "Real-time protection was disabled"},
    {WindowsLog::kDefender, 5010, "Scanning for malware was disabled"},
    {WindowsLog::kDefender, 5012, "Scanning for viruses was disabled"},
    {WindowsLog::kPowerShell, 400, "PowerShell engine started"},
    {WindowsLog::kPowerShell, 403, "PowerShell engine stopped"},
    {WindowsLog::kPowerShell, 600, "PowerShell provider started"},
    {WindowsLog::kPowerShell, 800, "PowerShell pipeline ran"},
    {WindowsLog::kPowerShell, 4103, "PowerShell module ran"},
    {WindowsLog::kPowerShell, 4104, "PowerShell script block ran"},
    {WindowsLog::kRemoteDesktop, 21, "Remote Desktop session logged on"},
    {WindowsLog::kRemoteDesktop, 24, "Remote Desktop session disconnected"},
    {WindowsLog::kRemoteDesktop, 25, "Remote Desktop session reconnected"},
    {WindowsLog::kRemoteDesktop, 1149, "Remote Desktop user authentication succeeded"},
    {WindowsLog::kTaskScheduler, 106, "A scheduled task was registered"},
    {WindowsLog::kTaskScheduler, 140, "A scheduled task was updated"},
    {WindowsLog::kTaskScheduler, 141, "A scheduled task was deleted"},
    {WindowsLog::kTaskScheduler, 200, "A scheduled task's action started"},
    {WindowsLog::kWmi, 5857, "WMI provider started"},
    {WindowsLog::kWmi, 5860, "Temporary WMI subscription created"},
    {WindowsLog::kWmi, 5861, "Permanent WMI subscription created"},
    {WindowsLog::kAppLocker, 8003, "AppLocker would have blocked a program"},
    {WindowsLog::kAppLocker, 8004, "AppLocker blocked a program"},
    {WindowsLog::kAppLocker, 8006, "AppLocker would have blocked a script"},
    {WindowsLog::kAppLocker, 8007, "AppLocker blocked a script"},
});

struct LogName {
  std::string_view part;  // of the channel's or the provider's name
  WindowsLog log;
};
constexpr auto kLogNames = std::to_array<LogName>({{"Sysmon", WindowsLog::kSysmon},
                                                   {"Windows Defender", WindowsLog::kDefender},
                                                   {"PowerShell", WindowsLog::kPowerShell},
                                                   {"TerminalServices", WindowsLog::kRemoteDesktop},
                                                   {"TaskScheduler", WindowsLog::kTaskScheduler},
                                                   {"WMI-Activity", WindowsLog::kWmi},
                                                   {"AppLocker", WindowsLog::kAppLocker},
                                                   {"Service Control Manager", WindowsLog::kSystem}});

WindowsLog log_of(const Fields& event) {
  const auto channel = event["Channel"];
  const auto provider = event["Provider"];
  for (const auto& known : kLogNames) {
    const bool named = channel.find(known.part) != std::string_view::npos ||
                       provider.find(known.part) != std::string_view::npos;
    if (named) return known.log;
  }
  return channel == "System" ? WindowsLog::kSystem : WindowsLog::kSecurity;
}

}  // namespace

int windows_event_id(const Fields& event) {
  int id = 0;
  for (const char c : event["EventID"].substr(0, 6)) id = is_digit(c) ? id * 10 + (c - '0') : id;
  return id;
}

const WindowsEventMeaning* find_windows_meaning(const Fields& event) {
  const auto log = log_of(event);
  const auto id = windows_event_id(event);
  const auto* found = std::find_if(kEvents.begin(), kEvents.end(), [&](const WindowsEventMeaning& meaning) {
    return meaning.log == log && meaning.id == id;
  });
  return found == kEvents.end() ? nullptr : found;
}

}  // namespace tocsin::ingest
