#pragma once
// The company of the demo: who works there, on which machines, in which networks. Made by code from a seed;
// the people, hosts and domains are invented (northmere.example is a reserved name).

#include <cstdint>
#include <string>
#include <vector>

#include "demo/random.h"
#include "model/names.h"

namespace tocsin::demo {

struct Person {
  std::string name;   // "Anna Keller"
  std::string login;  // "a.keller"
  std::string email;
  std::string department;
  std::string sid;              // Windows security id
  std::string aad_id;           // Entra object id
  std::size_t workstation = 0;  // place in Company::hosts
  bool admin = false;
};

enum class HostRole { kWorkstation, kServer, kLinuxServer, kDomainController, kCloud };

struct Host {
  std::string name;  // "WS-FIN-014"
  std::string fqdn;
  std::string ip;         // private
  std::string public_ip;  // only of what stands at the edge
  std::string os;
  HostRole role = HostRole::kWorkstation;
  model::AssetTier tier = model::AssetTier::kNormal;
  std::string agent_id;     // of the Wazuh agent: "014"
  std::string device_id;    // of Defender: 40 hex digits
  std::string instance_id;  // of EC2, only for kCloud
};

struct Network {
  std::string name;
  std::string cidr;
};

struct Company {
  std::string name;
  std::string domain;     // "northmere.example"
  std::string netbios;    // "NORTHMERE"
  std::string tenant_id;  // Entra
  std::string aws_account;
  std::string aws_region;
  std::string detector_id;  // GuardDuty
  std::vector<Network> networks;
  std::vector<Person> people;
  std::vector<Host> hosts;
  std::vector<std::string> service_accounts;
  std::vector<std::string> cloud_users;  // IAM users and roles of pipelines
  std::vector<std::string> buckets;
  std::vector<std::string> saas;

  // Places in `hosts`.
  std::vector<std::size_t> workstations, servers, linux_servers, domain_controllers, cloud_hosts, edge_hosts;
  std::size_t proxy = 0;
  std::size_t scanner = 0;
  std::size_t backup = 0;
  std::size_t file_server = 0;
  std::size_t web_server = 0;
  std::size_t jump_host = 0;
  std::size_t chatty = 0;  // a workstation whose software sets off the sensors all day

  const Host& workstation_of(const Person& person) const { return hosts[person.workstation]; }
};

Company make_company(std::uint64_t seed);

// What payload writers draw on; borrowed.
struct Scene {
  const Company& company;
  Random& random;

  const Person& anyone() { return random.pick(company.people); }
  const Person& someone_in(std::string_view department);  // the department must exist
  const Person& an_admin();
  const Host& one_of(const std::vector<std::size_t>& places) { return company.hosts[random.pick(places)]; }
};

}  // namespace tocsin::demo
