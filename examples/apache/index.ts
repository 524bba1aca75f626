import { MachineImage } from "pulumi-ami-lifecycle";

/** Apache's package and service have another name on each family. */
const web = (os: string, apache: string) =>
  new MachineImage(`web-${os}`, {
    version: "1.0.0",
    recipe: {
      os,
      steps: [
        { packages: [apache] },
        { file: { path: "/var/www/html/index.html", content: "<h1>Hello from Apache</h1>\n" } },
        { firewall: { allow: ["80/tcp", "443/tcp"] } },
        { user: { name: "deploy" } },
        { service: { name: apache } },
      ],
      checks: [{ http: { url: "http://127.0.0.1/", contains: "Apache" } }],
    },
  });

export const debianImageId = web("debian-12", "apache2").verifiedImageId;
export const redHatImageId = web("rhel-9", "httpd").verifiedImageId;
