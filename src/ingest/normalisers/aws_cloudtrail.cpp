// CloudTrail records (AWS, "CloudTrail record contents"), one by one or in what delivers them. All are
// events.

#include <array>

#include "ingest/aws_envelope.h"
#include "ingest/normalisers/normaliser.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

// Names in requestParameters that say what a call was about.
constexpr auto kRequestResources = std::to_array<std::string_view>({"bucketName",
                                                                    "instanceId",
                                                                    "roleName",
                                                                    "roleArn",
                                                                    "policyArn",
                                                                    "policyName",
                                                                    "functionName",
                                                                    "keyId",
                                                                    "secretId",
                                                                    "trailName",
                                                                    "imageId",
                                                                    "groupId",
                                                                    "groupName",
                                                                    "snapshotId",
                                                                    "volumeId",
                                                                    "tableName",
                                                                    "dBInstanceIdentifier",
                                                                    "dBSnapshotIdentifier",
                                                                    "detectorId",
                                                                    "stackName",
                                                                    "clusterName",
                                                                    "repositoryName",
                                                                    "topicArn",
                                                                    "queueUrl",
                                                                    "instanceProfileName",
                                                                    "accessKeyId",
                                                                    "name",
                                                                    "key",
                                                                    "parameterName",
                                                                    "serialNumber",
                                                                    "trailARN",
                                                                    "s3BucketName",
                                                                    "logGroupName",
                                                                    "dBClusterIdentifier",
                                                                    "fileSystemId",
                                                                    "networkInterfaceId",
                                                                    "networkAclId",
                                                                    "loadBalancerArn",
                                                                    "resourceArn",
                                                                    "webACLArn",
                                                                    "hostedZoneId",
                                                                    "documentName",
                                                                    "userPoolId",
                                                                    "keyName"});

// "arn:aws:sts::1:assumed-role/Admin/jane" ends with the session, "…:user/path/jane" with the user.
std::string_view last_of_arn(std::string_view arn) {
  return arn.substr(arn.rfind('/') == std::string_view::npos ? arn.size() : arn.rfind('/') + 1);
}

// What stands there for a name that no user has: a password may have been typed in its place.
constexpr std::string_view kHidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

// "AROA…:jane": all that another account's record says of its caller.
std::string_view session_of(std::string_view principal_id) {
  const auto colon = principal_id.find(':');
  return colon == std::string_view::npos ? std::string_view() : principal_id.substr(colon + 1);
}

std::string_view user_of(const Node& identity) {
  const auto type = identity["type"].text();
  if (type == "Root") return "root";
  auto name = identity["userName"].text();
  if (name == kHidden) name = {};
  if (!name.empty()) return name;
  if (type == "AssumedRole") return last_of_arn(identity["arn"].text());
  if (const Node behalf = identity["onBehalfOf"]["userId"]) return behalf.text();
  const auto last = last_of_arn(identity["arn"].text());
  return last.empty() ? session_of(identity["principalId"].text()) : last;
}

// A sign-in, or a call that nobody else is the object of, happened to the user's own account.
void read_users(const Node& record, AlertDraft& draft) {
  const Node identity = record["userIdentity"];
  const auto caller = user_of(identity);
  const auto object = record["requestParameters"]["userName"].text();
  const bool another = !object.empty() && object != caller;
  draft.entity(EntityKind::kUser, caller, another ? EntityRole::kActor : EntityRole::kTarget);
  if (another) draft.entity(EntityKind::kUser, object, EntityRole::kTarget);
  const auto issuer = identity["sessionContext"]["sessionIssuer"]["arn"].text();
  draft.entity(EntityKind::kCloudResource, issuer, EntityRole::kRelated);
  draft.entity(EntityKind::kCloudResource, identity["accessKeyId"].text(), EntityRole::kRelated);
}

void read_accounts(const Node& record, AlertDraft& draft) {
  const auto recipient = record["recipientAccountId"].scalar();
  const auto caller = record["userIdentity"]["accountId"].scalar();
  draft.entity(EntityKind::kAccount, recipient.empty() ? caller : recipient, EntityRole::kTarget);
  if (!recipient.empty() && caller != recipient)
    draft.entity(EntityKind::kAccount, caller, EntityRole::kActor);
}

void read_resources(const Node& record, AlertDraft& draft) {
  const auto add = [&](const Node& value) {
    if (value.is_string()) draft.entity(EntityKind::kCloudResource, value.text(), EntityRole::kTarget);
  };
  record["resources"].each([&](const Node& resource) { add(resource.any({"ARN", "arn"})); });
  const Node request = record["requestParameters"];
  for (const auto name : kRequestResources) add(request[name]);
  request["instanceIds"].each(add);
  request["instancesSet"]["items"].each([&](const Node& item) { add(item["instanceId"]); });
  for (const auto* name : {"launchPermission", "createVolumePermission"}) {
    request[name]["add"]["items"].each([&](const Node& item) {
      draft.entity(EntityKind::kAccount, item["userId"].scalar(), EntityRole::kRelated);
    });
  }
  const Node created = record["responseElements"];
  for (const auto* name : {"accessKey", "credentials"})
    draft.entity(EntityKind::kCloudResource, created[name]["accessKeyId"].text(), EntityRole::kRelated);
  created["instancesSet"]["items"].each([&](const Node& item) { add(item["instanceId"]); });
}

std::string title_of(const Node& record) {
  std::string title(record["eventName"].text());
  const auto caller = user_of(record["userIdentity"]);
  const auto service = record["eventSource"].text();
  if (!service.empty()) title += " on " + std::string(service);
  if (!caller.empty()) title += " by " + std::string(caller);
  const auto error = record["errorCode"].text();
  return error.empty() ? title : title + ": " + std::string(error);
}

void read_record(const Node& record, AlertDraft& draft) {
  draft.type(slug(record["eventName"].text()));
  draft.title(title_of(record));
  draft.message(record["errorMessage"].text());
  draft.source_id(record["eventID"].text());
  draft.severity(model::Severity::kInfo);
  draft.occurred_at(read_time(record["eventTime"]));
  for (const auto* name :
       {"eventName", "eventSource", "awsRegion", "eventType", "eventCategory", "errorCode"}) {
    draft.tag(record[name].text());
  }
  const auto login = record["responseElements"]["ConsoleLogin"].text();
  if (!login.empty()) draft.tag("ConsoleLogin:" + std::string(login));
  const auto mfa = record["additionalEventData"]["MFAUsed"].text();
  if (!mfa.empty()) draft.tag("MFAUsed:" + std::string(mfa));
  // A service that calls for the customer stands there by its name.
  draft.observed(EntityKind::kIp, record["sourceIPAddress"].text(), EntityRole::kSource);
  read_users(record, draft);
  read_accounts(record, draft);
  read_resources(record, draft);
}

// What CloudTrail Insights says of an unusual rate: the call, and who made it.
void read_insight(const Node& record, AlertDraft& draft) {
  const Node details = record["insightDetails"];
  const auto call = details["eventName"].text();
  draft.type(slug(details["insightType"].text()));
  draft.title("Unusual rate of " + std::string(call) + " on " + std::string(details["eventSource"].text()));
  draft.source_id(record["eventID"].text());
  draft.severity(model::Severity::kLow);
  draft.occurred_at(read_time(record["eventTime"]));
  draft.vendor_status(details["state"].text());
  for (const Node& tag : {details["eventName"], details["eventSource"], record["awsRegion"]})
    draft.tag(tag.text());
  details["insightContext"]["attributions"].each([&](const Node& attribution) {
    if (attribution["attribute"].text() != "userIdentityArn") return;
    attribution["insight"].each([&](const Node& one) {
      draft.entity(EntityKind::kUser, last_of_arn(one["value"].text()), EntityRole::kTarget);
    });
  });
  read_accounts(record, draft);
}

bool is_insight(const Node& object) {
  return object["insightDetails"].is_object() && object["eventTime"];
}

bool is_record(const Node& object) {
  return object["eventName"].is_string() && object["eventSource"].is_string() &&
         (object["userIdentity"] || object["eventVersion"] || object["awsRegion"]);
}

}  // namespace

bool is_cloudtrail(const Node& object) {
  const Node record = first_aws_record(object);
  if (is_record(record) || is_insight(record)) return true;
  const auto text = first_aws_text(object);
  return text.find("\"eventSource\"") != std::string_view::npos &&
         text.find("\"userIdentity\"") != std::string_view::npos;
}

void read_cloudtrail(const Node& object, Output& out) {
  open_aws_envelope(object, out.item(), out.options(), [&](const Node& record, std::string_view bytes) {
    if (is_insight(record)) {
      return out.add(model::RecordKind::kEvent, bytes,
                     [&](AlertDraft& draft) { read_insight(record, draft); });
    }
    if (!is_record(record)) {
      return out.reject_part(
          bytes, "this is not a CloudTrail record",
          "A record has eventName, eventSource, eventTime and userIdentity; send it bare, as "
          "{\"Records\":[…]}, as an EventBridge event, in SNS or from CloudWatch Logs.");
    }
    out.add(model::RecordKind::kEvent, bytes, [&](AlertDraft& draft) { read_record(record, draft); });
  });
}

}  // namespace tocsin::ingest
