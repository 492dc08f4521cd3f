#include "demo/vendors.h"

namespace tocsin::demo {
namespace {

json::object remote_details(const Caller& caller) {
  return {{"ipAddressV4", caller.ip},
          {"organization", json::object{{"asn", caller.asn},
                                        {"asnOrg", caller.organisation},
                                        {"isp", caller.organisation},
                                        {"org", caller.organisation}}},
          {"country", json::object{{"countryName", caller.country}}},
          {"city", json::object{{"cityName", ""}}}};
}

}  // namespace

Payload guardduty(Scene scene, const GuardDutyFinding& finding) {
  auto& random = scene.random;
  const auto& company = scene.company;
  const auto id = random.hex(32);
  const auto created = to_rfc3339(finding.at + std::chrono::seconds(random.between(60, 500)));
  json::object detail{
      {"schemaVersion", "2.0"},
      {"accountId", company.aws_account},
      {"region", company.aws_region},
      {"partition", "aws"},
      {"id", id},
      {"arn", "arn:aws:guardduty:" + company.aws_region + ':' + company.aws_account + ":detector/" +
                  company.detector_id + "/finding/" + id},
      {"type", finding.type},
      {"resource", finding.resource},
      {"service", json::object{{"serviceName", "guardduty"},
                               {"detectorId", company.detector_id},
                               {"action", finding.action},
                               {"resourceRole", "TARGET"},
                               {"additionalInfo", json::object{{"value", "{}"}, {"type", "default"}}},
                               {"eventFirstSeen", to_rfc3339(finding.at)},
                               {"eventLastSeen", to_rfc3339(finding.at)},
                               {"archived", false},
                               {"count", finding.count}}},
      {"severity", finding.severity},
      {"createdAt", created},
      {"updatedAt", created},
      {"title", finding.title},
      {"description", finding.description}};
  const json::object event{{"version", "0"},
                           {"id", random.uuid()},
                           {"detail-type", "GuardDuty Finding"},
                           {"source", "aws.guardduty"},
                           {"account", company.aws_account},
                           {"time", created},
                           {"region", company.aws_region},
                           {"resources", json::array{}},
                           {"detail", std::move(detail)}};
  return {"aws-guardduty", json::serialize(event)};
}

json::object instance_resource(Scene scene, const Host& host) {
  const json::object interface {
    {"networkInterfaceId", "eni-0" + scene.random.hex(16)}, {"privateIpAddress", host.ip},
        {"publicIp", host.public_ip}, {
      "vpcId", "vpc-0" + scene.company.detector_id.substr(0, 16)
    }
  };
  return {{"resourceType", "Instance"},
          {"instanceDetails",
           json::object{{"instanceId", host.instance_id},
                        {"instanceType", "m6i.large"},
                        {"instanceState", "running"},
                        {"availabilityZone", scene.company.aws_region + "a"},
                        {"networkInterfaces", json::array{interface}},
                        {"tags", json::array{json::object{{"key", "Name"}, {"value", host.name}}}}}}};
}

json::object access_key_resource(Scene scene, std::string_view user, std::string_view key_id) {
  return {{"resourceType", "AccessKey"},
          {"accessKeyDetails", json::object{{"accessKeyId", key_id},
                                            {"principalId", "AIDA" + scene.company.detector_id.substr(0, 16)},
                                            {"userType", "IAMUser"},
                                            {"userName", user}}}};
}

json::object bucket_resource(Scene scene, std::string_view bucket, std::string_view user,
                             std::string_view key_id) {
  auto resource = access_key_resource(scene, user, key_id);
  resource["resourceType"] = "S3Bucket";
  const json::object details{{"arn", "arn:aws:s3:::" + std::string(bucket)},
                             {"name", bucket},
                             {"type", "Destination"},
                             {"owner", json::object{{"id", scene.company.detector_id}}}};
  resource["s3BucketDetails"] = json::array{details};
  return resource;
}

json::object api_call_action(std::string_view api, std::string_view service, const Caller& caller) {
  return {{"actionType", "AWS_API_CALL"},
          {"awsApiCallAction", json::object{{"api", api},
                                            {"serviceName", service},
                                            {"callerType", "Remote IP"},
                                            {"remoteIpDetails", remote_details(caller)},
                                            {"affectedResources", json::object{}}}}};
}

json::object port_probe_action(int port, std::string_view port_name, const Caller& caller) {
  const json::object probe{{"localPortDetails", json::object{{"port", port}, {"portName", port_name}}},
                           {"remoteIpDetails", remote_details(caller)}};
  return {{"actionType", "PORT_PROBE"},
          {"portProbeAction", json::object{{"blocked", false}, {"portProbeDetails", json::array{probe}}}}};
}

}  // namespace tocsin::demo
