// AWS' documented findings, records and flow logs that no example file has.

#include <gtest/gtest.h>

#include "ingest/shapes_support.h"

namespace tocsin::ingest::shapes {
namespace {

// A finding around what differs between its types.
std::string finding(std::string_view type, std::string_view resource, std::string_view service) {
  return R"({"schemaVersion":"2.0","accountId":"111122223333","region":"eu-west-1","id":"f-1","arn":)"
         R"("arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/f-1","severity":8,)"
         R"("createdAt":"2024-06-04T00:05:00.000Z","title":"T","description":"D","type":")" +
         std::string(type) + R"(","resource":)" + std::string(resource) +
         R"(,"service":{"detectorId":"d","eventFirstSeen":"2024-06-04T00:00:00.000Z","archived":false,)" +
         std::string(service) + "}}";
}

constexpr std::string_view kSha256 = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";

TEST(GuardDutyShapes, AMaliciousObjectIsNamedWithItsBucketAndHash) {
  const auto alert =
      read("aws-guardduty", finding("Object:S3/MaliciousFile",
                                    R"({"resourceType":"S3Object","s3BucketDetails":[{"arn":
      "arn:aws:s3:::inbox","name":"inbox","s3ObjectDetails":[{"objectArn":"arn:aws:s3:::inbox/a.doc","key":"a.doc",
      "eTag":"44d88612fea8a8f36de82e1278abb02f","hash":")" +
                                        std::string(kSha256) + R"("}]}]})",
                                    R"("malwareScanDetails":{"threats":[{"name":"EICAR-Test-File"}]})"));
  EXPECT_EQ(to_rfc3339(alert.occurred_at), "2024-06-04T00:00:00.000Z");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_TRUE(has(alert, EntityKind::kCloudResource, "inbox", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kCloudResource, "arn:aws:s3:::inbox/a.doc", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kFile, "a.doc", EntityRole::kRelated));
  EXPECT_TRUE(has_ioc(alert, kSha256));
  EXPECT_FALSE(has_ioc(alert, "44d88612fea8a8f36de82e1278abb02f"));  // the ETag names no file
}

TEST(GuardDutyShapes, RuntimeFindingsNameEveryFileOfTheContext) {
  const auto alert =
      read("aws-guardduty",
           finding("PrivilegeEscalation:Runtime/DockerSocketAccessed",
                   R"({"resourceType":"Container","containerDetails":{"id":"c-1","name":"build"}})",
                   R"("runtimeDetails":{"context":{"scriptPath":"/opt/x.sh","threatFilePath":"/tmp/m.bin",
      "moduleSha256":")" +
                       std::string(kSha256) + R"(","modifyingProcess":{"executablePath":"/bin/bash"}},
      "process":{"executablePath":"/usr/bin/nc","user":"app","lineage":[{"executablePath":"/bin/sh"}]}})"));
  EXPECT_EQ(alert.attack.techniques, std::vector<std::string>{"T1611"});
  EXPECT_EQ(alert.process.parent, "/bin/sh");
  EXPECT_TRUE(has(alert, EntityKind::kFile, "/opt/x.sh", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kFile, "/tmp/m.bin", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "app", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(alert, kSha256));
}

TEST(GuardDutyShapes, OutboundTrafficOfAFunctionLeavesItsOwnAddress) {
  const auto alert = read(
      "aws-guardduty",
      finding("Backdoor:Lambda/C&CActivity.B", R"({"resourceType":"Lambda","lambdaDetails":{"functionArn":
      "arn:aws:lambda:eu-west-1:1:function:f","functionName":"f"}})",
              R"("action":{"networkConnectionAction":{"connectionDirection":"OUTBOUND","localIpDetails":
      {"ipAddressV4":"10.0.0.23"},"remoteIpDetails":{"ipAddressV4":"198.51.100.23"}}})"));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "10.0.0.23", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "198.51.100.23", EntityRole::kDestination));
  EXPECT_EQ(alert.attack.tactics, std::vector<std::string>{"TA0011"});
}

TEST(GuardDutyShapes, ACallNamesWhatItAffected) {
  const auto alert = read(
      "aws-guardduty",
      finding("Stealth:IAMUser/CloudTrailLoggingDisabled",
              R"({"resourceType":"AccessKey","accessKeyDetails":{"userName":"eve","accessKeyId":"AKIA1"}})",
              R"("action":{"awsApiCallAction":{"api":"StopLogging","remoteIpDetails":{"ipAddressV4":
      "198.51.100.24"},"affectedResources":{"AWS::CloudTrail::Trail":"arn:aws:cloudtrail:eu-west-1:1:trail/t"}}})"));
  EXPECT_TRUE(
      has(alert, EntityKind::kCloudResource, "arn:aws:cloudtrail:eu-west-1:1:trail/t", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "eve", EntityRole::kTarget));
  EXPECT_TRUE(has_technique(alert, "T1562.008"));
}

TEST(GuardDutyShapes, AnAttackSequenceNamesActorsHostsAndWhereTrafficWent) {
  const auto alert =
      read("aws-guardduty",
           finding("AttackSequence:EKS/CompromisedCluster", R"({"resourceType":"AttackSequence"})",
                   R"("detection":{"sequence":{"actors":[{"user":{"name":"kube-ops"}},
      {"process":{"path":"/usr/bin/nmap","sha256":")" +
                       std::string(kSha256) +
                       R"("}}],"resources":[{"uid":"arn:aws:eks:eu-west-1:1:cluster/prod",
      "resourceType":"EKS_CLUSTER"},{"uid":"arn:aws:ec2:eu-west-1:1:instance/i-88","resourceType":"EC2_INSTANCE"}],
      "endpoints":[{"ip":"198.51.100.61","connection":{"direction":"OUTBOUND"}}],"sequenceIndicators":[{"key":
      "ATTACK_TECHNIQUE","values":["T1496 - Resource Hijacking"]}]}})"));
  EXPECT_TRUE(has(alert, EntityKind::kUser, "kube-ops", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kProcess, "/usr/bin/nmap", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kHost, "i-88", EntityRole::kTarget));
  EXPECT_TRUE(has(alert, EntityKind::kIp, "198.51.100.61", EntityRole::kDestination));
  EXPECT_EQ(alert.attack.techniques, std::vector<std::string>{"T1496"});
}

TEST(SecurityHubShapes, ThreatsTypesAndTheTwoEndsOfTraffic) {
  const auto alert = read("aws-securityhub", R"({"SchemaVersion":"2018-10-08","Id":"i-1","ProductArn":"p",
      "GeneratorId":"g","AwsAccountId":"111122223333","Title":"Exfiltration","Description":"D",
      "CreatedAt":"2024-03-22T13:22:13.933Z","FindingProviderFields":{"Severity":{"Label":"HIGH"},
      "Types":["Effects/Data Exfiltration/Exfiltration:S3-ObjectRead"]},"Network":{"Direction":"OUT","SourceIpV4":
      "203.0.113.8","SourceDomain":"www.shop.com","SourceMac":"00:0d:83:b1:c0:8e","DestinationIpV4":"198.51.100.4",
      "DestinationDomain":"drop.evil-sink.net"},"Threats":[{"Name":"Mirai","FilePaths":[{"FilePath":"/tmp/b",
      "Hash":"275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"}]}],"Remediation":
      {"Recommendation":{"Url":"http://vendor-docs.com/fix"}},"Resources":[{"Type":"AwsEc2Instance","Id":
      "arn:aws:ec2:us-west-2:1:instance/i-9"}],"Workflow":{"Status":"NEW"},"VerificationState":"TRUE_POSITIVE"})");
  EXPECT_EQ(alert.type, "exfiltration_s3_object_read");
  EXPECT_EQ(alert.severity, Severity::kHigh);
  EXPECT_EQ(alert.attack.tactics, std::vector<std::string>{"TA0010"});
  EXPECT_EQ(alert.vendor_verdict, "TRUE_POSITIVE");
  EXPECT_TRUE(has(alert, EntityKind::kFile, "/tmp/b", EntityRole::kRelated));
  EXPECT_TRUE(has(alert, EntityKind::kDomain, "drop.evil-sink.net", EntityRole::kDestination));
  EXPECT_TRUE(has_ioc(alert, "198.51.100.4"));
  EXPECT_TRUE(has_ioc(alert, kSha256));
  EXPECT_FALSE(has_ioc(alert, "203.0.113.8"));
  EXPECT_FALSE(has_ioc(alert, "www.shop.com"));
  EXPECT_FALSE(has_ioc(alert, "vendor-docs.com"));
}

TEST(SecurityHubShapes, AnImportedGuardDutyFindingHasItsActionInProductFields) {
  const auto alert =
      read("aws-securityhub", R"({"SchemaVersion":"2018-10-08","Id":"i-2","ProductArn":"p","GeneratorId":"g",
      "AwsAccountId":"111122223333","Title":"Credentials used outside","CreatedAt":"2020-10-31T23:41:58.456Z",
      "Types":["TTPs/UnauthorizedAccess:IAMUser-InstanceCredentialExfiltration"],"Severity":{"Normalized":70},
      "ProductFields":{"aws/guardduty/service/action/awsApiCallAction/remoteIpDetails/ipAddressV4":"198.51.100.9",
      "aws/guardduty/service/action/dnsRequestAction/domain":"bad.evil-sink.net"},"Resources":[{"Type":
      "AwsIamAccessKey","Id":"AWS::IAM::AccessKey:ASIAXYZ","Details":{"AwsIamAccessKey":{"PrincipalId":"AROA:i-0abc",
      "PrincipalName":"web-role"}}}]})");
  EXPECT_EQ(alert.type, "unauthorized_access_iam_user_instance_credential_exfiltration");
  EXPECT_TRUE(has(alert, EntityKind::kIp, "198.51.100.9", EntityRole::kSource));
  EXPECT_TRUE(has(alert, EntityKind::kDomain, "bad.evil-sink.net", EntityRole::kDestination));
  EXPECT_TRUE(has(alert, EntityKind::kCloudResource, "ASIAXYZ", EntityRole::kTarget));
}

std::string record(std::string_view members) {
  return R"({"eventVersion":"1.08","eventTime":"2024-01-08T20:53:12Z","awsRegion":"eu-west-1","eventID":"e-1",)"
         R"("eventType":"AwsApiCall","recipientAccountId":"111122223333",)" +
         std::string(members) + "}";
}

TEST(CloudTrailShapes, AnotherAccountsCallerIsNamedByItsSession) {
  const auto event = read("aws-cloudtrail", record(R"("userIdentity":{"type":"AWSAccount","principalId":
      "AROAX:mallory","accountId":"999988887777"},"eventSource":"sts.amazonaws.com","eventName":"AssumeRole",
      "sourceIPAddress":"198.51.100.10","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/Admin"},
      "responseElements":{"credentials":{"accessKeyId":"ASIANEW"}})"));
  EXPECT_TRUE(has(event, EntityKind::kUser, "mallory", EntityRole::kTarget));
  EXPECT_TRUE(has(event, EntityKind::kAccount, "999988887777", EntityRole::kActor));
  EXPECT_TRUE(has(event, EntityKind::kAccount, "111122223333", EntityRole::kTarget));
  EXPECT_TRUE(has(event, EntityKind::kCloudResource, "ASIANEW", EntityRole::kRelated));
}

TEST(CloudTrailShapes, AHiddenNameIsNobody) {
  const auto event =
      read("aws-cloudtrail", record(R"("userIdentity":{"type":"IAMUser","accountId":"111122223333",
      "userName":"HIDDEN_DUE_TO_SECURITY_REASONS"},"eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin",
      "sourceIPAddress":"198.51.100.12","responseElements":{"ConsoleLogin":"Failure"},
      "errorMessage":"No username found in supplied account")"));
  EXPECT_FALSE(has(event, EntityKind::kUser, "HIDDEN_DUE_TO_SECURITY_REASONS", EntityRole::kTarget));
  EXPECT_TRUE(has(event, EntityKind::kIp, "198.51.100.12", EntityRole::kSource));
  EXPECT_EQ(event.title, "ConsoleLogin on signin.amazonaws.com");
}

TEST(CloudTrailShapes, ADeviceTakenFromAnotherUserNamesBoth) {
  const auto event = read("aws-cloudtrail", record(R"("userIdentity":{"type":"IAMUser","userName":"dan",
      "accountId":"111122223333"},"eventSource":"iam.amazonaws.com","eventName":"DeactivateMFADevice",
      "sourceIPAddress":"AWS Internal","requestParameters":{"userName":"amy","serialNumber":
      "arn:aws:iam::111122223333:mfa/amy"})"));
  EXPECT_TRUE(has(event, EntityKind::kUser, "dan", EntityRole::kActor));
  EXPECT_TRUE(has(event, EntityKind::kUser, "amy", EntityRole::kTarget));
  EXPECT_TRUE(
      has(event, EntityKind::kCloudResource, "arn:aws:iam::111122223333:mfa/amy", EntityRole::kTarget));
  EXPECT_TRUE(event.iocs.empty());
}

TEST(CloudTrailShapes, AnInsightNamesTheCallAndWhoMadeIt) {
  const auto event = read("auto", R"({"Records":[{"eventTime":"2020-09-09T15:00:00Z","awsRegion":"eu-west-1",
      "eventID":"ins-1","eventType":"AwsCloudTrailInsight","recipientAccountId":"111122223333","insightDetails":{"state":
      "Start","eventSource":"ssm.amazonaws.com","eventName":"SendCommand","insightType":"ApiCallRateInsight",
      "insightContext":{"attributions":[{"attribute":"userIdentityArn","insight":[{"value":
      "arn:aws:sts::111122223333:assumed-role/Ops/jane"}]}]}}}]})");
  EXPECT_EQ(event.source, "aws-cloudtrail");
  EXPECT_EQ(event.title, "Unusual rate of SendCommand on ssm.amazonaws.com");
  EXPECT_EQ(event.source_id, "ins-1");
  EXPECT_EQ(event.vendor_status, "Start");
  EXPECT_TRUE(has(event, EntityKind::kUser, "jane", EntityRole::kTarget));
}

TEST(VpcFlowShapes, CustomColumnsWithoutTheirHeaderAreReadByTheirLooks) {
  const auto event =
      read("aws-vpcflow",
           "5 198.51.100.179 10.0.0.71 80 34210 6 1616729292 1616729349 IPv4 14 15044 111122223333 "
           "vpc-0abc subnet-0abc i-0c50d5961bcb2d47b eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - "
           "REJECT 19 198.51.100.179 10.0.0.71 S3 - - ingress OK");
  EXPECT_EQ(to_rfc3339(event.occurred_at), "2021-03-26T03:28:12.000Z");
  EXPECT_TRUE(has(event, EntityKind::kIp, "198.51.100.179", EntityRole::kSource));
  EXPECT_TRUE(has(event, EntityKind::kIp, "10.0.0.71", EntityRole::kDestination));
  EXPECT_TRUE(has(event, EntityKind::kCloudResource, "i-0c50d5961bcb2d47b", EntityRole::kTarget));
  EXPECT_TRUE(has(event, EntityKind::kAccount, "111122223333", EntityRole::kTarget));
  EXPECT_TRUE(has_ioc(event, "198.51.100.179"));
  EXPECT_NE(std::find(event.tags.begin(), event.tags.end(), "REJECT"), event.tags.end());
}

TEST(VpcFlowShapes, LogsOfCloudWatchMayHaveCustomColumnsOrNoFlowAtAll) {
  const auto result = normalise("aws-vpcflow", R"({"messageType":"DATA_MESSAGE","logEvents":[
    {"id":"1","message":"2 111122223333 eni-1111aaaa2222bbbb3 198.51.100.7 10.0.0.5 1 2 6 1 1 1431280876 1431280934 ACCEPT OK"},
    {"id":"2","message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."},
    {"id":"3","message":"eni-1235b8ca123456789 198.51.100.179 10.0.0.71 1616729292 REJECT"}]})",
                                {});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->records.size(), 2U);
  EXPECT_TRUE(has_ioc(result->records[1].alert, "198.51.100.179"));
  ASSERT_EQ(result->rejections.size(), 1U);
  EXPECT_NE(result->rejections[0].fragment.find("CONTROL MESSAGE"), std::string::npos);
}

TEST(VpcFlowShapes, SkippedDataHasNoTraffic) {
  const auto event = read(
      "aws-vpcflow", "2 111122223333 eni-1111aaaa2222bbbb3 - - - - - - - 1431280876 1431280934 - SKIPDATA");
  EXPECT_TRUE(event.iocs.empty());
  EXPECT_TRUE(has(event, EntityKind::kCloudResource, "eni-1111aaaa2222bbbb3", EntityRole::kTarget));
}

}  // namespace
}  // namespace tocsin::ingest::shapes
