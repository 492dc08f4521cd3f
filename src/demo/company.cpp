#include "demo/company.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>

#include "base/ascii.h"

namespace tocsin::demo {
namespace {

struct Department {
  std::string_view name;
  std::string_view code;  // in host names
  int people;
  int subnet;  // third octet of 10.20.x.0/24
};

constexpr std::array<Department, 9> kDepartments = {{{"Finance", "FIN", 14, 11},
                                                     {"Human Resources", "HR", 8, 12},
                                                     {"Sales", "SAL", 22, 13},
                                                     {"Marketing", "MKT", 10, 14},
                                                     {"Engineering", "ENG", 30, 15},
                                                     {"Manufacturing", "MFG", 14, 16},
                                                     {"Legal", "LEG", 5, 17},
                                                     {"IT Operations", "IT", 12, 18},
                                                     {"Management", "EXE", 5, 19}}};

constexpr std::array<std::string_view, 40> kFirstNames = {
    "Anna",  "Ben",    "Carla", "David", "Elif",   "Farid", "Greta", "Hugo",   "Ines",  "Jonas",
    "Katya", "Liam",   "Mara",  "Nils",  "Olga",   "Pavel", "Quinn", "Rosa",   "Samir", "Tessa",
    "Ugo",   "Vera",   "Wim",   "Xenia", "Yusuf",  "Zoe",   "Amir",  "Bianca", "Cyril", "Dunja",
    "Emil",  "Fatima", "Goran", "Hanna", "Isabel", "Jakob", "Keiko", "Lena",   "Milan", "Nadia"};

constexpr std::array<std::string_view, 40> kLastNames = {
    "Abbott",  "Bergstrom", "Castell", "Dahl",      "Eriksen",  "Fontaine", "Gruber",  "Hartmann",
    "Ivanova", "Jansen",    "Keller",  "Lindqvist", "Moreau",   "Novak",    "Okafor",  "Petrov",
    "Quist",   "Rossi",     "Schmid",  "Tanaka",    "Ulrich",   "Vasquez",  "Weber",   "Xu",
    "Yilmaz",  "Zeman",     "Arnold",  "Bianchi",   "Costa",    "Dubois",   "Ekstrom", "Farkas",
    "Greco",   "Haddad",    "Iyer",    "Jovanovic", "Kowalski", "Larsen",   "Marin",   "Nowak"};

struct ServerPlan {
  std::string_view name;
  HostRole role;
  model::AssetTier tier;
  std::string_view os;
  bool edge;
};

constexpr auto kNormal = model::AssetTier::kNormal;
constexpr auto kImportant = model::AssetTier::kImportant;
constexpr auto kCrownJewel = model::AssetTier::kCrownJewel;

constexpr std::array<ServerPlan, 24> kServers = {{
    {"DC01", HostRole::kDomainController, kCrownJewel, "Windows Server 2022", false},
    {"DC02", HostRole::kDomainController, kCrownJewel, "Windows Server 2022", false},
    {"FS01", HostRole::kServer, kCrownJewel, "Windows Server 2019", false},
    {"FS02", HostRole::kServer, kImportant, "Windows Server 2019", false},
    {"SQL01", HostRole::kServer, kCrownJewel, "Windows Server 2022", false},
    {"SQL02", HostRole::kServer, kImportant, "Windows Server 2022", false},
    {"ERP01", HostRole::kServer, kCrownJewel, "Windows Server 2022", false},
    {"EXCH01", HostRole::kServer, kImportant, "Windows Server 2019", false},
    {"PRINT01", HostRole::kServer, kNormal, "Windows Server 2019", false},
    {"WSUS01", HostRole::kServer, kNormal, "Windows Server 2022", false},
    {"BACKUP01", HostRole::kServer, kImportant, "Windows Server 2022", false},
    {"SCADA01", HostRole::kServer, kCrownJewel, "Windows Server 2016", false},
    {"web-01", HostRole::kLinuxServer, kImportant, "Debian GNU/Linux 12", true},
    {"web-02", HostRole::kLinuxServer, kImportant, "Debian GNU/Linux 12", true},
    {"vpn-01", HostRole::kLinuxServer, kImportant, "Debian GNU/Linux 12", true},
    {"jump-01", HostRole::kLinuxServer, kImportant, "Ubuntu 22.04", true},
    {"proxy-01", HostRole::kLinuxServer, kImportant, "Ubuntu 22.04", false},
    {"scan-01", HostRole::kLinuxServer, kNormal, "Ubuntu 22.04", false},
    {"git-01", HostRole::kLinuxServer, kCrownJewel, "Ubuntu 22.04", false},
    {"ci-01", HostRole::kLinuxServer, kImportant, "Ubuntu 22.04", false},
    {"ci-02", HostRole::kLinuxServer, kImportant, "Ubuntu 22.04", false},
    {"mon-01", HostRole::kLinuxServer, kNormal, "Debian GNU/Linux 12", false},
    {"log-01", HostRole::kLinuxServer, kNormal, "Debian GNU/Linux 12", false},
    {"db-01", HostRole::kLinuxServer, kCrownJewel, "Debian GNU/Linux 12", false},
}};

constexpr int kCloudHosts = 36;

std::string padded(int number) {
  const auto text = std::to_string(number);
  return std::string(text.size() < 3 ? 3 - text.size() : 0, '0') + text;
}

std::size_t add_host(Company& company, Random& random, Host host) {
  const auto place = company.hosts.size();
  host.agent_id = padded(static_cast<int>(place) + 1);
  host.device_id = random.hex(40);
  host.fqdn = to_lower(host.name) + ".corp." + company.domain;
  company.hosts.push_back(std::move(host));
  return place;
}

void add_servers(Company& company, Random& random) {
  int number = 10;
  for (const auto& plan : kServers) {
    Host host;
    host.name = plan.name;
    host.ip = "10.20.1." + std::to_string(number++);
    host.os = plan.os;
    host.role = plan.role;
    host.tier = plan.tier;
    if (plan.edge) host.public_ip = "195.176.41." + std::to_string(number);
    const auto place = add_host(company, random, std::move(host));
    if (plan.edge) company.edge_hosts.push_back(place);
    (plan.role == HostRole::kServer        ? company.servers
     : plan.role == HostRole::kLinuxServer ? company.linux_servers
                                           : company.domain_controllers)
        .push_back(place);
  }
}

void add_cloud_hosts(Company& company, Random& random) {
  static constexpr std::array<std::string_view, 6> kServices = {"api",       "worker", "checkout",
                                                                "telemetry", "etl",    "batch"};
  for (int i = 0; i < kCloudHosts; ++i) {
    Host host;
    host.name = std::string(kServices[static_cast<std::size_t>(i) % kServices.size()]) + "-prod-" +
                padded(i / static_cast<int>(kServices.size()) + 1);
    host.ip = "10.64." + std::to_string(i % 3) + '.' + std::to_string(20 + i);
    host.public_ip =
        "18.197." + std::to_string(random.between(8, 250)) + '.' + std::to_string(random.between(4, 250));
    host.os = "Amazon Linux 2023";
    host.role = HostRole::kCloud;
    host.tier = i % 6 == 2 ? kCrownJewel : kNormal;
    host.instance_id = "i-0" + random.hex(16);
    company.cloud_hosts.push_back(add_host(company, random, std::move(host)));
  }
}

Person make_person(Company& company, Random& random, const Department& department,
                   std::set<std::string>& logins) {
  Person person;
  do {
    const auto first = random.pick(kFirstNames);
    const auto last = random.pick(kLastNames);
    person.name = std::string(first) + ' ' + std::string(last);
    person.login = to_lower(std::string(first.substr(0, 1)) + '.' + std::string(last));
  } while (!logins.insert(person.login).second);
  person.email = person.login + '@' + company.domain;
  person.department = department.name;
  person.sid = "S-1-5-21-2911047713-882190416-3370217745-" + std::to_string(1100 + company.people.size());
  person.aad_id = random.uuid();
  return person;
}

void add_department(Company& company, Random& random, const Department& department,
                    std::set<std::string>& logins) {
  for (int i = 0; i < department.people; ++i) {
    auto person = make_person(company, random, department, logins);
    Host host;
    host.name = "WS-" + std::string(department.code) + '-' + padded(i + 1);
    host.ip = "10.20." + std::to_string(department.subnet) + '.' + std::to_string(20 + i);
    host.os = random.chance(0.8) ? "Windows 11" : "Windows 10";
    host.tier = department.code == "EXE" ? kImportant : kNormal;
    person.workstation = add_host(company, random, std::move(host));
    person.admin = department.code == "IT" && i < 6;
    company.workstations.push_back(person.workstation);
    company.people.push_back(std::move(person));
  }
  company.networks.push_back(
      {std::string(department.name), "10.20." + std::to_string(department.subnet) + ".0/24"});
}

std::size_t place_of(const Company& company, std::string_view name) {
  const auto found = std::find_if(company.hosts.begin(), company.hosts.end(),
                                  [&](const Host& host) { return host.name == name; });
  return static_cast<std::size_t>(found - company.hosts.begin());
}

void name_special_hosts(Company& company) {
  company.proxy = place_of(company, "proxy-01");
  company.scanner = place_of(company, "scan-01");
  company.backup = place_of(company, "BACKUP01");
  company.file_server = place_of(company, "FS01");
  company.web_server = place_of(company, "web-01");
  company.jump_host = place_of(company, "jump-01");
  company.chatty = place_of(company, "WS-MKT-004");
}

}  // namespace

Company make_company(std::uint64_t seed) {
  Random random(seed, "company");
  Company company;
  company.name = "Northmere Instruments";
  company.domain = "northmere.example";
  company.netbios = "NORTHMERE";
  company.tenant_id = random.uuid();
  company.aws_account = random.digits(12);
  company.aws_region = "eu-central-1";
  company.detector_id = random.hex(32);
  company.networks = {
      {"Servers", "10.20.1.0/24"}, {"AWS production", "10.64.0.0/16"}, {"VPN", "10.20.40.0/22"}};
  company.service_accounts = {"svc_backup", "svc_sql",   "svc_erp",    "svc_scan",
                              "svc_deploy", "svc_print", "svc_monitor"};
  company.cloud_users = {"ci-deployer", "terraform-prod", "etl-loader", "grafana-reader", "backup-copier"};
  company.buckets = {"northmere-customer-exports", "northmere-telemetry-raw", "northmere-build-artifacts",
                     "northmere-finance-archive", "northmere-web-assets"};
  company.saas = {"Microsoft 365", "Salesforce", "GitHub", "Jira", "Workday", "Slack"};
  add_servers(company, random);
  add_cloud_hosts(company, random);
  std::set<std::string> logins;
  for (const auto& department : kDepartments) add_department(company, random, department, logins);
  name_special_hosts(company);
  return company;
}

const Person& Scene::someone_in(std::string_view department) {
  while (true) {
    const auto& person = anyone();
    if (person.department == department) return person;
  }
}

const Person& Scene::an_admin() {
  while (true) {
    const auto& person = anyone();
    if (person.admin) return person;
  }
}

}  // namespace tocsin::demo
