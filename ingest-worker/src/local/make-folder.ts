export { makeFolder } from "pidnap-journal";
