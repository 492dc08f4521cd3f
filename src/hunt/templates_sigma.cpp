#include "hunt/template.h"

namespace tocsin::hunt {
namespace {

// Sigma specification 2.0; fields of its standard log sources.
constexpr Template kSigma[] = {
    {"sigma_domain_dns", "Look-ups of the domains", "Turns the finding into a detection.", "", Window::kWide,
     R"(title: DNS look-up of an incident's domain
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  category: dns
detection:
  selection:
    query|endswith: [{domains}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: high)"},
    {"sigma_domain_proxy", "Web requests to the domains", "Turns the finding into a detection.", "",
     Window::kWide,
     R"(title: Web request to an incident's domain
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  category: proxy
detection:
  selection:
    cs-host|endswith: [{domains}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: high)"},
    {"sigma_url_proxy", "Web requests to the addresses of pages", "Turns the finding into a detection.", "",
     Window::kWide,
     R"(title: Web request to an incident's URL
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  category: proxy
detection:
  selection:
    c-uri|contains: [{urls}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: high)"},
    {"sigma_ip_firewall", "Connections to the addresses", "Turns the finding into a detection.", "",
     Window::kWide,
     R"(title: Connection to an incident's address
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  category: firewall
detection:
  selection:
    dst_ip: [{ips}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: medium)"},
    {"sigma_ip_network_windows", "Programs that talk to the addresses (Sysmon 3)", "Names the process.", "",
     Window::kWide,
     R"(title: Process connects to an incident's address
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  category: network_connection
  product: windows
detection:
  selection:
    DestinationIp: [{ips}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: high)"},
    {"sigma_hash_process", "Programs with the hashes", "Turns the finding into a detection.", "",
     Window::kWide,
     R"(title: Process with an incident's hash
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  category: process_creation
  product: windows
detection:
  selection:
    Hashes|contains: [{hashes}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: critical)"},
    {"sigma_file", "Files of the same name", "Names are weak; use it for a hunt.", "", Window::kWide,
     R"(title: File with an incident's name is written
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  category: file_event
  product: windows
detection:
  selection:
    TargetFilename|endswith: [{files}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: low)"},
    {"sigma_process", "Processes of the same name", "Names are weak; use it for a hunt.",
     "TA0002 TA0005 T1059 T1218", Window::kWide,
     R"(title: Process with an incident's name
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  category: process_creation
  product: windows
detection:
  selection:
    Image|endswith: [{processes}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: low)"},
    {"sigma_user_cloudtrail", "AWS calls of the users", "Watches the accounts after the incident.", "",
     Window::kAfter,
     R"(title: AWS call by an incident's user
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  product: aws
  service: cloudtrail
detection:
  selection:
    userIdentity.userName: [{accounts}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: medium)"},
    {"sigma_user_windows", "Logons of the accounts", "Watches the accounts after the incident.", "",
     Window::kAfter,
     R"(title: Windows logon of an incident's account
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  product: windows
  service: security
detection:
  selection:
    EventID: [4624, 4648]
    TargetUserName: [{accounts}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: medium)"},
    {"sigma_mail", "Mail from the senders", "Turns the finding into a detection.", "T1566 T1598",
     Window::kWide,
     R"(title: Mail from an incident's sender
id: {uuid}
status: experimental
description: Made for one incident; review before use elsewhere.
author: Tocsin
date: {date}
logsource:
  product: m365
  service: exchange
detection:
  selection:
    SenderAddress: [{emails}]
  condition: selection
falsepositives:
  - Legitimate use of the same name or address
level: high)"},
};

}  // namespace

std::span<const Template> sigma_templates() {
  return kSigma;
}

}  // namespace tocsin::hunt
