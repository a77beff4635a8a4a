import { getBusinessObject } from 'bpmn-js/lib/util/ModelUtil';
import { extensionOf } from './zeebe-extensions.js';

/** Last of all providers. */
const PLACE = 100;

/**
 * Groups of Camunda 8's panel for what does not run here and would be refused by the check. They
 * are shown where a diagram from elsewhere has such a thing, so that it can be taken out.
 */
const NEEDED = {
  Zeebe__ExecutionListeners: (owner) => extensionOf(owner, 'zeebe:ExecutionListeners'),
  Zeebe__TaskListeners: (owner) => extensionOf(owner, 'zeebe:TaskListeners'),
  jobPriorityDefinition: (owner) => extensionOf(owner, 'zeebe:JobPriorityDefinition'),
  businessId: (owner) => extensionOf(owner, 'zeebe:CalledElement')?.businessId !== undefined,
  userTaskImplementation: (owner) => !extensionOf(owner, 'zeebe:UserTask'),
  adHocSubProcessImplementation: (owner) => extensionOf(owner, 'zeebe:TaskDefinition'),
};

class RunningPropertiesProvider {
  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(PLACE, this);
  }

  getGroups(element) {
    const owner = getBusinessObject(element);
    const process = owner.processRef ?? owner;
    const isNeeded = ({ id }) => !NEEDED[id] || NEEDED[id](owner) || NEEDED[id](process);
    return (groups) => groups.filter((group) => group && isNeeded(group));
  }
}
RunningPropertiesProvider.$inject = ['propertiesPanel'];

export default {
  __init__: ['runningPropertiesProvider'],
  runningPropertiesProvider: ['type', RunningPropertiesProvider],
};
