#include "hunt/template.h"

namespace tocsin::hunt {
namespace {

// The table of AWS's documentation for CloudTrail logs; its name is cloudtrail_logs.
constexpr Template kAthena[] = {
    {"athena_user", "All calls of the users", "Order shows enumeration, then change.", "", Window::kAround,
     R"(SELECT eventtime, awsregion, eventsource, eventname, sourceipaddress, useragent, useridentity.arn, errorcode
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND useridentity.username IN ({accounts})
ORDER BY eventtime
LIMIT 1000)"},
    {"athena_user_changes", "What the users changed", "Keys, users, roles, policies, trails, instances.", "",
     Window::kWide,
     R"(SELECT eventtime, awsregion, eventsource, eventname, sourceipaddress, useragent, useridentity.arn, errorcode, requestparameters
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND useridentity.username IN ({accounts})
  AND readonly = 'false'
ORDER BY eventtime
LIMIT 1000)"},
    {"athena_user_new_places", "Sources the users had not used before",
     "First time seen per source and client program.", "T1078 T1098 T1552 T1528 TA0001", Window::kWide,
     R"(SELECT useridentity.username, sourceipaddress, useragent, min(eventtime) AS first_seen, max(eventtime) AS last_seen, count(*) AS calls
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND useridentity.username IN ({accounts})
GROUP BY useridentity.username, sourceipaddress, useragent
ORDER BY first_seen DESC
LIMIT 1000)"},
    {"athena_ip", "All calls from the addresses", "Other identities behind the same source.", "",
     Window::kWide,
     R"(SELECT useridentity.arn, useridentity.type, eventname, awsregion, count(*) AS calls, count_if(errorcode IS NOT NULL) AS errors, min(eventtime) AS first_seen
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND sourceipaddress IN ({ips})
GROUP BY useridentity.arn, useridentity.type, eventname, awsregion
ORDER BY first_seen
LIMIT 1000)"},
    {"athena_ip_keys", "Access keys used from the addresses", "Each is compromised until proved otherwise.",
     "T1078 T1098 T1552 T1528 TA0006", Window::kWide,
     R"(SELECT useridentity.accesskeyid, useridentity.arn, sourceipaddress, min(eventtime) AS first_seen, max(eventtime) AS last_seen, count(*) AS calls
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND sourceipaddress IN ({ips})
GROUP BY useridentity.accesskeyid, useridentity.arn, sourceipaddress
ORDER BY first_seen
LIMIT 1000)"},
    {"athena_ip_console", "Console sign-ins from the addresses", "With and without MFA.",
     "T1078 T1110 TA0001", Window::kWide,
     R"(SELECT eventtime, useridentity.arn, sourceipaddress, useragent, responseelements, additionaleventdata
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND eventname = 'ConsoleLogin'
  AND sourceipaddress IN ({ips})
ORDER BY eventtime
LIMIT 1000)"},
    {"athena_resource", "Calls that name the resources", "Policy and ACL changes, reads after them.", "",
     Window::kWide,
     R"(SELECT eventtime, awsregion, eventsource, eventname, sourceipaddress, useragent, useridentity.arn, errorcode, requestparameters
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND any_match(ARRAY[{resources}], wanted -> strpos(requestparameters, wanted) > 0)
ORDER BY eventtime
LIMIT 1000)"},
    {"athena_resource_opened", "Who opened the resources", "Changes of policy, ACL and public-access block.",
     "T1530 T1537 T1619 TA0010", Window::kWide,
     R"(SELECT eventtime, awsregion, eventsource, eventname, sourceipaddress, useragent, useridentity.arn, errorcode, requestparameters
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND eventname IN ('PutBucketPolicy', 'PutBucketAcl', 'DeletePublicAccessBlock', 'PutBucketPublicAccessBlock', 'DeleteBucketPolicy', 'PutObjectAcl', 'ModifySnapshotAttribute', 'ModifyDBSnapshotAttribute', 'ModifyImageAttribute')
  AND any_match(ARRAY[{resources}], wanted -> strpos(requestparameters, wanted) > 0)
ORDER BY eventtime
LIMIT 1000)"},
    {"athena_user_defences", "Logging and guards that the users switched off",
     "The hours after it are blind.", "T1562 TA0005", Window::kWide,
     R"(SELECT eventtime, awsregion, eventsource, eventname, sourceipaddress, useragent, useridentity.arn, errorcode, requestparameters
FROM cloudtrail_logs
WHERE eventtime >= {from}
  AND eventtime < {until}
  AND eventname IN ('StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'DeleteFlowLogs', 'DeleteDetector', 'UpdateDetector', 'DisableSecurityHub', 'DeleteConfigRule', 'StopConfigurationRecorder')
  AND useridentity.username IN ({accounts})
ORDER BY eventtime
LIMIT 1000)"},
};

}  // namespace

std::span<const Template> athena_templates() {
  return kAthena;
}

}  // namespace tocsin::hunt
