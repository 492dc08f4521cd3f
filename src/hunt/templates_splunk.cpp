#include "hunt/template.h"

namespace tocsin::hunt {
namespace {

// Fields: the Common Information Model, and the usual names of its add-ons' indexes.
constexpr Template kSplunk[] = {
    {"splunk_user_authentication", "Sign-ins of the users (CIM Authentication)",
     "A success after failures; new sources.", "", Window::kAround,
     R"(| tstats summariesonly=false count min(_time) as first max(_time) as last from datamodel=Authentication where earliest={from} latest={until} Authentication.user IN ({users}, {accounts}) by Authentication.user Authentication.src Authentication.dest Authentication.app Authentication.action
| rename Authentication.* as *
| sort 0 first)"},
    {"splunk_user_changes", "Changes by the users (CIM Change)", "Accounts, groups, policies.", "",
     Window::kWide,
     R"(| tstats summariesonly=false count min(_time) as first values(All_Changes.object) as objects from datamodel=Change where earliest={from} latest={until} All_Changes.user IN ({users}, {accounts}) by All_Changes.user All_Changes.action All_Changes.object_category All_Changes.dest
| rename All_Changes.* as *
| sort 0 first)"},
    {"splunk_user_windows", "Windows security events of the accounts",
     "Explicit credentials, privileges, group changes.", "TA0004 TA0006 TA0008 T1110 T1021 T1078 T1098",
     Window::kAround,
     R"(search earliest={from} latest={until} index=wineventlog EventCode IN (4624, 4625, 4648, 4672, 4720, 4728, 4732, 4768, 4769, 4776) (TargetUserName IN ({accounts}) OR SubjectUserName IN ({accounts}))
| stats count min(_time) as first max(_time) as last by EventCode, host, TargetUserName, IpAddress, LogonType
| sort 0 first)"},
    {"splunk_user_cloudtrail", "What the users did in AWS", "Changes, and errors before them.", "",
     Window::kAround,
     R"(search earliest={from} latest={until} index=aws sourcetype="aws:cloudtrail" userIdentity.userName IN ({accounts})
| stats count min(_time) as first values(errorCode) as errors by eventName, eventSource, awsRegion, sourceIPAddress, userAgent
| sort 0 first)"},
    {"splunk_user_o365", "What the users did in Microsoft 365", "Rules, downloads, shares.",
     "TA0009 TA0010 T1114 T1566 T1528 T1564", Window::kAround,
     R"(search earliest={from} latest={until} index=o365 sourcetype="o365:management:activity" UserId IN ({users})
| stats count min(_time) as first values(ObjectId) as objects by UserId, Operation, ClientIP, Workload
| sort 0 - count)"},
    {"splunk_host_processes", "Processes on the hosts (CIM Endpoint)", "Parents and command lines.", "",
     Window::kAround,
     R"(| tstats summariesonly=false count min(_time) as first from datamodel=Endpoint.Processes where earliest={from} latest={until} Processes.dest IN ({hosts}, {fqdns}) by Processes.dest Processes.user Processes.parent_process_name Processes.process_name Processes.process
| rename Processes.* as *
| sort 0 first)"},
    {"splunk_host_persistence", "Services and tasks on the hosts", "What comes back after a restart.",
     "TA0003 T1543 T1053 T1547", Window::kWide,
     R"(search earliest={from} latest={until} index=wineventlog EventCode IN (7045, 4697, 4698, 4702, 4719, 4720, 1102) host IN ({hosts}, {fqdns})
| table _time, host, EventCode, user, Service_Name, Service_File_Name, Task_Name, Message
| sort 0 _time)"},
    {"splunk_host_network", "Connections of the hosts (CIM Network Traffic)", "Peers, ports and bytes.", "",
     Window::kAround,
     R"(| tstats summariesonly=false count sum(All_Traffic.bytes_out) as sent min(_time) as first from datamodel=Network_Traffic where earliest={from} latest={until} All_Traffic.src IN ({hosts}, {fqdns}) by All_Traffic.src All_Traffic.dest All_Traffic.dest_port All_Traffic.action
| rename All_Traffic.* as *
| sort 0 - sent)"},
    {"splunk_ip_network", "Connections from and to the addresses", "Allowed ones first.", "", Window::kWide,
     R"(| tstats summariesonly=false count sum(All_Traffic.bytes_out) as sent sum(All_Traffic.bytes_in) as received min(_time) as first max(_time) as last from datamodel=Network_Traffic where earliest={from} latest={until} (All_Traffic.src IN ({ips}) OR All_Traffic.dest IN ({ips})) by All_Traffic.src All_Traffic.dest All_Traffic.dest_port All_Traffic.action
| rename All_Traffic.* as *
| sort 0 - count)"},
    {"splunk_ip_authentication", "Everyone who signed in from the addresses",
     "Other accounts behind the same source.", "", Window::kWide,
     R"(| tstats summariesonly=false count dc(Authentication.user) as accounts values(Authentication.user) as users from datamodel=Authentication where earliest={from} latest={until} Authentication.src IN ({ips}) by Authentication.src Authentication.app Authentication.action
| rename Authentication.* as *
| sort 0 - accounts)"},
    {"splunk_ip_web", "Requests of the addresses (CIM Web)", "Paths and answers.",
     "TA0001 TA0043 T1190 T1505 T1595", Window::kAround,
     R"(| tstats summariesonly=false count min(_time) as first from datamodel=Web where earliest={from} latest={until} Web.src IN ({ips}) by Web.src Web.http_method Web.uri_path Web.status Web.http_user_agent
| rename Web.* as *
| sort 0 - count)"},
    {"splunk_ip_beacon", "Regularity of the traffic to the addresses",
     "Even gaps with little jitter are a beacon.", "TA0011 T1071 T1573 T1571", Window::kWide,
     R"(search earliest={from} latest={until} index=firewall dest IN ({ips})
| sort 0 src, dest, _time
| streamstats current=false last(_time) as previous by src, dest
| eval gap=_time-previous
| stats count avg(gap) as interval stdev(gap) as jitter sum(bytes_out) as sent by src, dest, dest_port
| where count > 10
| sort 0 jitter)"},
    {"splunk_domain_dns", "Who looked the domains up (CIM Network Resolution)", "Every client.", "",
     Window::kWide,
     R"(| tstats summariesonly=false count dc(DNS.query) as names min(_time) as first from datamodel=Network_Resolution where earliest={from} latest={until} DNS.query IN ({*domains*}) by DNS.src DNS.record_type
| rename DNS.* as *
| sort 0 - count)"},
    {"splunk_domain_web", "Web requests to the domains", "Users, bytes, action of the proxy.", "",
     Window::kWide,
     R"(| tstats summariesonly=false count sum(Web.bytes_out) as sent min(_time) as first from datamodel=Web where earliest={from} latest={until} Web.url IN ({*domains*}) by Web.src Web.user Web.dest Web.action
| rename Web.* as *
| sort 0 - sent)"},
    {"splunk_hash", "The files by hash on all machines", "First machine and path.", "", Window::kWide,
     R"(| tstats summariesonly=false count min(_time) as first dc(Filesystem.dest) as machines values(Filesystem.dest) as sample from datamodel=Endpoint.Filesystem where earliest={from} latest={until} Filesystem.file_hash IN ({hashes}) by Filesystem.file_name Filesystem.file_path Filesystem.file_hash
| rename Filesystem.* as *)"},
    {"splunk_mail", "Mail from the senders (CIM Email)", "All recipients.", "", Window::kWide,
     R"(| tstats summariesonly=false count min(_time) as first values(All_Email.recipient) as recipients from datamodel=Email where earliest={from} latest={until} All_Email.src_user IN ({emails}) by All_Email.src_user All_Email.subject All_Email.action
| rename All_Email.* as *)"},
    {"splunk_resource", "What was done to the cloud resources", "Policy and ACL changes, reads after them.",
     "", Window::kWide,
     R"(search earliest={from} latest={until} index=aws sourcetype="aws:cloudtrail" (requestParameters.bucketName IN ({resources}) OR requestParameters.roleName IN ({resources}))
| table _time, eventName, userIdentity.arn, sourceIPAddress, userAgent, errorCode
| sort 0 _time)"},
};

}  // namespace

std::span<const Template> splunk_templates() {
  return kSplunk;
}

}  // namespace tocsin::hunt
