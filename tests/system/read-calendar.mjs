// Reads a calendar object from stdin with two independent parsers, ical.js (Thunderbird and webmail clients) and
// node-ical (services that show calendars), and prints what each would go by: a JSON list of both. It judges nothing.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const text = readFileSync(0, "utf8");

function byIcalJs() {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component, { strictExceptions: true });
    const attendee = (property) => ({
      address: property.getFirstValue(),
      role: property.getParameter("role") ?? null,
      rsvp: property.getParameter("rsvp") ?? null,
      state: property.getParameter("partstat") ?? null,
    });
    return {
      uid: event.uid,
      sequence: event.sequence,
      summary: event.summary,
      description: event.description,
      location: event.location,
      starts: event.startDate.toJSDate().toISOString(),
      ends: event.endDate.toJSDate().toISOString(),
      zone: event.startDate.zone.tzid,
      organizer: component.getFirstPropertyValue("organizer"),
      private: component.getFirstPropertyValue("class"),
      status: component.getFirstPropertyValue("status"),
      url: component.getFirstPropertyValue("url"),
      attendees: event.attendees.map(attendee),
    };
  });
  return { method: calendar.getFirstPropertyValue("method"), events };
}

function byNodeIcal() {
  const calendar = nodeIcal.sync.parseICS(text);
  // where a value has parameters it stands beside them
  const value = (property) => property?.val ?? property ?? null;
  const spelt = (given) => (typeof given === "boolean" ? String(given).toUpperCase() : (given ?? null));
  const attendee = ({ params, val }) => ({
    address: val,
    role: spelt(params.ROLE),
    rsvp: spelt(params.RSVP),
    state: spelt(params.PARTSTAT),
  });
  const events = Object.values(calendar).filter((component) => component.type === "VEVENT").map((event) => ({
    uid: event.uid,
    sequence: event.sequence,
    summary: value(event.summary),
    description: value(event.description),
    location: value(event.location),
    starts: event.start.toISOString(),
    ends: event.end.toISOString(),
    zone: event.start.tz === "Etc/UTC" ? "UTC" : (event.start.tz ?? "floating"),
    organizer: value(event.organizer),
    private: value(event.class),
    status: value(event.status),
    url: value(event.url),
    attendees: [event.attendee].flat().filter(Boolean).map(attendee),
  }));
  return { method: calendar.vcalendar.method, events };
}

console.log(JSON.stringify([byIcalJs(), byNodeIcal()]));
