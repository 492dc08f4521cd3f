// An access key lands in a public repository; within the hour somebody looks around with it, makes another
// one, opens a bucket and empties it.
#include "demo/stories.h"

namespace tocsin::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Cast {
  const Person& developer;
  std::string key;
  std::string second_key;
  std::string bucket;
  Caller intruder;
};

Payload leak(StoryWriter& story, const Cast& cast) {
  return generic(
      {{"id", "gitscan-" + story.random().hex(12)},
       {"timestamp", to_rfc3339(story.at())},
       {"source", "secret-scanner"},
       {"alert_type", "leaked_credential"},
       {"title", "AWS access key found in a public repository"},
       {"description", "Key " + cast.key + " was pushed to a public fork in the file deploy/env.sample."},
       {"severity", "medium"},
       {"user", cast.developer.email},
       {"mitre_techniques", json::array{attack::kCredentialsInFiles.id}},
       {"mitre_tactics", json::array{attack::kCredentialsInFiles.tactic_id}}});
}

Payload caller_finding(StoryWriter& story, const Cast& cast, std::string type, double severity,
                       std::string_view api, std::string_view service) {
  auto scene = story.scene();
  return guardduty(scene,
                   {.at = story.at(),
                    .type = std::move(type),
                    .severity = severity,
                    .title = "API " + std::string(api) + " was invoked from a known malicious IP address.",
                    .description = "API " + std::string(api) + " was invoked by IAM user ci-deployer from " +
                                   cast.intruder.ip + ", which is on a threat list.",
                    .resource = access_key_resource(scene, "ci-deployer", cast.key),
                    .action = api_call_action(api, service, cast.intruder),
                    .count = story.random().between(1, 30)});
}

Payload bucket_finding(StoryWriter& story, const Cast& cast, std::string type, double severity,
                       std::string_view api, std::string title) {
  auto scene = story.scene();
  return guardduty(
      scene, {.at = story.at(),
              .type = std::move(type),
              .severity = severity,
              .title = std::move(title),
              .description = "IAM user ci-deployer called " + std::string(api) + " on bucket " + cast.bucket +
                             " from " + cast.intruder.ip + ", unlike anything it did before.",
              .resource = bucket_resource(scene, cast.bucket, "ci-deployer", cast.second_key),
              .action = api_call_action(api, "s3.amazonaws.com", cast.intruder)});
}

Payload second_key(StoryWriter& story, const Cast& cast) {
  return splunk(story.scene(), {.at = story.at(),
                                .search_name = "Threat - AWS IAM Access Key Created For Another User - Rule",
                                .severity = "high",
                                .fields = {{"user", "ci-deployer"},
                                           {"src", cast.intruder.ip},
                                           {"eventName", "CreateAccessKey"},
                                           {"requestParameters.userName", "terraform-prod"},
                                           {"responseElements.accessKey.accessKeyId", cast.second_key},
                                           {"aws_account_id", story.company().aws_account},
                                           {"vendor_product", "AWS CloudTrail"}},
                                .techniques = {attack::kCloudCredentials}});
}

}  // namespace

void write_stolen_cloud_key(StoryWriter& story) {
  auto scene = story.scene();
  const Cast cast{scene.someone_in("Engineering"),
                  "AKIA" + story.random().digits(16),
                  "AKIA" + story.random().digits(16),
                  "northmere-customer-exports",
                  {story.random().public_ip(), "Netherlands", "213035", "Serverion B.V."}};
  story.send(leak(story, cast));
  story.after(minutes(47));
  story.send(caller_finding(story, cast, "Discovery:IAMUser/AnomalousBehavior", 5, "ListUsers",
                            "iam.amazonaws.com"));
  for (const auto api : {"ListBuckets", "DescribeInstances", "GetAccountAuthorizationDetails"}) {
    story.after(minutes(6));
    story.send(caller_finding(story, cast, "Recon:IAMUser/MaliciousIPCaller", 5, api, "iam.amazonaws.com"));
  }
  story.after(minutes(33));
  story.send(second_key(story, cast));
  story.after(minutes(12));
  story.send(caller_finding(story, cast, "Stealth:IAMUser/CloudTrailLoggingDisabled", 8, "StopLogging",
                            "cloudtrail.amazonaws.com"));
  story.after(hours(2));
  story.send(bucket_finding(story, cast, "Policy:S3/BucketAnonymousAccessGranted", 8, "PutBucketPolicy",
                            "The S3 bucket " + cast.bucket + " can be read by anybody."));
  for (int i = 0; i < 3; ++i) {
    story.after(minutes(25));
    story.send(bucket_finding(story, cast, "Exfiltration:S3/AnomalousBehavior", 8, "GetObject",
                              "Objects of bucket " + cast.bucket + " were read in an anomalous way."));
  }
}

}  // namespace tocsin::demo
