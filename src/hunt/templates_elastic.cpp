#include "hunt/template.h"

namespace tocsin::hunt {
namespace {

// Fields: Elastic Common Schema.
constexpr Template kElastic[] = {
    {"elastic_user_authentication", "Sign-ins of the users", "A success after failures; new sources.", "",
     Window::kAround,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_LOWER(user.name) IN ({~accounts}) OR TO_LOWER(user.email) IN ({~users})
| WHERE event.category == "authentication"
| STATS attempts = COUNT(*), first = MIN(@timestamp), last = MAX(@timestamp) BY user.name, source.ip, host.name, event.outcome
| SORT first ASC
| LIMIT 1000)"},
    {"elastic_user_processes", "What ran under the accounts", "On every machine.", "", Window::kAround,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE event.category == "process" AND TO_LOWER(user.name) IN ({~accounts})
| STATS times = COUNT(*), first = MIN(@timestamp) BY host.name, process.name, process.parent.name
| SORT first ASC
| LIMIT 1000)"},
    {"elastic_user_cloudtrail", "What the users did in AWS", "Changes, and errors before them.", "",
     Window::kAround,
     R"(FROM logs-aws.cloudtrail-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_LOWER(user.name) IN ({~accounts})
| STATS calls = COUNT(*), first = MIN(@timestamp) BY event.action, event.provider, cloud.region, source.ip, event.outcome
| SORT first ASC
| LIMIT 1000)"},
    {"elastic_user_iam", "Account and group changes by the users", "What outlives a reset.",
     "TA0003 TA0004 T1098 T1136 T1078", Window::kWide,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE event.category == "iam" AND TO_LOWER(user.name) IN ({~accounts})
| KEEP @timestamp, event.action, user.name, user.target.name, group.name, host.name, event.outcome
| SORT @timestamp ASC
| LIMIT 1000)"},
    {"elastic_host_processes", "Processes on the hosts", "Parents and command lines.", "", Window::kAround,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE event.category == "process" AND TO_LOWER(host.name) IN ({~hosts}, {~fqdns})
| KEEP @timestamp, host.name, user.name, process.parent.name, process.name, process.command_line, process.hash.sha256
| SORT @timestamp ASC
| LIMIT 1000)"},
    {"elastic_host_network", "Connections of the hosts", "The process behind each.", "", Window::kAround,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE event.category == "network" AND TO_LOWER(host.name) IN ({~hosts}, {~fqdns})
| STATS connections = COUNT(*), sent = SUM(source.bytes), first = MIN(@timestamp) BY host.name, process.name, destination.ip, destination.port
| SORT sent DESC
| LIMIT 1000)"},
    {"elastic_host_files", "Files made on the hosts", "Droppers, archives, renamed files.",
     "TA0002 TA0009 TA0010 TA0040 T1486 T1204 T1105", Window::kAround,
     R"(FROM logs-endpoint.events.file-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_LOWER(host.name) IN ({~hosts}, {~fqdns}) AND event.type IN ("creation", "change", "deletion")
| STATS files = COUNT_DISTINCT(file.path), first = MIN(@timestamp) BY host.name, process.name, file.extension, event.action
| SORT files DESC
| LIMIT 1000)"},
    {"elastic_host_registry", "Autostart entries on the hosts", "Run keys and services.",
     "TA0003 T1547 T1543 T1112", Window::kWide,
     R"(FROM logs-endpoint.events.registry-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_LOWER(host.name) IN ({~hosts}, {~fqdns}) AND (registry.path LIKE "*CurrentVersion*Run*" OR registry.path LIKE "*CurrentControlSet*Services*")
| KEEP @timestamp, host.name, process.name, registry.path, registry.data.strings
| SORT @timestamp ASC
| LIMIT 1000)"},
    {"elastic_ip_network", "Connections from and to the addresses", "Peers, ports and bytes.", "",
     Window::kWide,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_STRING(source.ip) IN ({ips}) OR TO_STRING(destination.ip) IN ({ips})
| STATS connections = COUNT(*), sent = SUM(source.bytes), received = SUM(destination.bytes), first = MIN(@timestamp) BY source.ip, destination.ip, destination.port, event.outcome
| SORT connections DESC
| LIMIT 1000)"},
    {"elastic_ip_authentication", "Everyone who signed in from the addresses",
     "Other accounts behind the same source.", "", Window::kWide,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE event.category == "authentication" AND TO_STRING(source.ip) IN ({ips})
| STATS attempts = COUNT(*), accounts = COUNT_DISTINCT(user.name), first = MIN(@timestamp) BY source.ip, event.outcome
| SORT accounts DESC
| LIMIT 1000)"},
    {"elastic_ip_web", "Requests of the addresses to our web servers", "Paths and answers.",
     "TA0001 TA0043 T1190 T1505 T1595", Window::kAround,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE event.category == "web" AND TO_STRING(source.ip) IN ({ips})
| STATS requests = COUNT(*), first = MIN(@timestamp) BY source.ip, http.request.method, url.path, http.response.status_code
| SORT requests DESC
| LIMIT 1000)"},
    {"elastic_domain_dns", "Who looked the domains up", "Every client.", "", Window::kWide,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_LOWER(dns.question.name) IN ({~domains}) OR TO_LOWER(dns.question.registered_domain) IN ({~domains})
| STATS queries = COUNT(*), names = COUNT_DISTINCT(dns.question.name), first = MIN(@timestamp) BY host.name, source.ip, dns.question.type
| SORT queries DESC
| LIMIT 1000)"},
    {"elastic_domain_web", "Web requests to the domains", "Users and bytes.", "", Window::kWide,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_LOWER(url.domain) IN ({~domains}) OR TO_LOWER(destination.domain) IN ({~domains})
| STATS requests = COUNT(*), sent = SUM(source.bytes), first = MIN(@timestamp) BY host.name, user.name, url.domain, event.outcome
| SORT sent DESC
| LIMIT 1000)"},
    {"elastic_hash", "The files by hash on all machines", "First machine and path.", "", Window::kWide,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_LOWER(file.hash.sha256) IN ({~hashes}) OR TO_LOWER(file.hash.sha1) IN ({~hashes}) OR TO_LOWER(file.hash.md5) IN ({~hashes}) OR TO_LOWER(process.hash.sha256) IN ({~hashes})
| STATS machines = COUNT_DISTINCT(host.name), first = MIN(@timestamp), last = MAX(@timestamp) BY file.name, file.path, process.name
| SORT first ASC
| LIMIT 1000)"},
    {"elastic_mail", "Mail from the senders", "All recipients.", "", Window::kWide,
     R"(FROM logs-*
| WHERE @timestamp >= {from} AND @timestamp < {until}
| WHERE TO_LOWER(email.from.address) IN ({~emails}) OR TO_LOWER(email.sender.address) IN ({~emails})
| KEEP @timestamp, email.from.address, email.to.address, email.subject, email.message_id, event.action
| SORT @timestamp ASC
| LIMIT 1000)"},
};

}  // namespace

std::span<const Template> elastic_templates() {
  return kElastic;
}

}  // namespace tocsin::hunt
